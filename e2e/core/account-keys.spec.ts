import { findAccount } from "#db/accounts.ts";
import { queue } from "#e2e/fixtures/outbox.ts";
import { expect, test } from "#e2e/fixtures/test.ts";

test("an account is found by exactly one of its keys: a second one, which nobody would look at, does not compile", async () => {
  const { accountId: id, to: email, username } = await queue("password-changed", { now: Date.UTC(2027, 5, 1) });
  for (const key of [{ id }, { email }, { usernameKey: username }])
    expect(await findAccount(key)).toMatchObject({ id });
  // @ts-expect-error two keys
  expect(await findAccount({ email, sub: "somebody else" })).toMatchObject({ id });
  // @ts-expect-error none
  const none: Parameters<typeof findAccount>[0] = {};
  expect(none).toEqual({});
});
