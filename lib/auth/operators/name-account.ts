import { findAccount, isHalfDeleted } from "#db/accounts.ts";
import type { Account } from "#db/schema.ts";
import { findByIdentifier } from "#lib/auth/accounts/accounts.ts";

const SUB = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The account that an operator names: by its address, its username, its `sub`, or its number as `#42`. */
export async function accountNamed(name: string): Promise<Account | undefined> {
  const text = name.trim();
  const number = /^#(\d{1,15})$/.exec(text)?.[1];
  const found = number
    ? await findAccount({ id: Number(number) })
    : SUB.test(text)
      ? await findAccount({ sub: text })
      : await findByIdentifier(text);
  // One that is being removed is nobody's any more.
  return found && !isHalfDeleted(found) ? found : undefined;
}
