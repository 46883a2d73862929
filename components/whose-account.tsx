import type { Account } from "#lib/auth/accounts/accounts.ts";

/** Names the account a mailed link is about, so that nobody confirms what they did not mean. */
export function WhoseAccount({ account }: { account: Pick<Account, "email" | "username"> }) {
  return (
    <dl className="facts">
      <div>
        <dt>E-mail address</dt>
        <dd className="address">{account.email}</dd>
      </div>
      {account.username && (
        <div>
          <dt>Username</dt>
          <dd className="address">{account.username}</dd>
        </div>
      )}
    </dl>
  );
}
