import { AccountStatus } from "#lib/auth/accounts/accounts.ts";
import type { FoundPerson } from "#lib/auth/operators/find-people.ts";
import type { Role } from "#lib/auth/operators/roles.ts";
import { ROLE_WORDS } from "#lib/pages/role-words.ts";

const WORDS = {
  [AccountStatus.unverified]: "Not confirmed",
  [AccountStatus.active]: "Active",
  [AccountStatus.blocked]: "Blocked",
} as const;

/** What state the account is in, and what stands out about it. */
export function Standing({
  of,
}: {
  of: Pick<FoundPerson, "status" | "deletesAt"> & { role?: Role | null | undefined };
}) {
  return (
    <>
      {of.status === AccountStatus.active ? WORDS[of.status] : <b>{WORDS[of.status]}</b>}
      {of.role && (
        <>
          {" "}
          <b className="here">{ROLE_WORDS[of.role]}</b>
        </>
      )}
      {of.deletesAt !== null && (
        <>
          {" "}
          <b className="here">To be deleted</b>
        </>
      )}
    </>
  );
}
