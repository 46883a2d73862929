import { createHmac, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import type { SQL } from "drizzle-orm";
import { findAccount } from "#db/accounts.ts";
import * as store from "#db/challenges.ts";
import { atomically, must } from "#db/client.ts";
import type { Account, Challenge, ChallengePurpose } from "#db/schema.ts";
import { noteCounted } from "#db/trouble.ts";
import { NOBODY, nobodysName } from "#lib/auth/accounts/accounts.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { countForNobody, giveBack, networkOf, take, taking } from "#lib/auth/limits.ts";
import { secretKey } from "#lib/auth/secret.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";
import { env } from "#lib/env.ts";
import { type LinkState, linkStateOf, readLinkToken } from "./mailed-links.ts";

export type { Challenge, ChallengePurpose } from "#db/schema.ts";

/**
 * One mechanism behind every mailed link and code that prove something of an account. The row holds a random nonce and
 * lifetimes; link and code are derived from it with keys drawn from AUTH_SECRET, so the table alone gives nobody anything,
 * and a mail made twice is the same.
 */

const CODE_TRIES = 5;

const linkLifetime: Record<ChallengePurpose, () => number> = {
  "verify-email": () => env().VERIFY_LINK_TTL,
  "reset-password": () => env().RESET_LINK_TTL,
  "link-provider": () => env().RESET_LINK_TTL,
  "change-email": () => env().VERIFY_LINK_TTL,
};

/** A new challenge's row. Its lifetimes start when its mail goes out (`stampChallenge`). */
export function newChallenge(accountId: number | SQL<number>, purpose: ChallengePurpose) {
  const nonce = randomBytes(32).toString("base64url");
  const id = randomUUID();
  return {
    id,
    accountId,
    purpose,
    signUpId: null,
    nonce,
    triesLeft: CODE_TRIES,
  } satisfies store.NewChallenge;
}

/**
 * Starts the lifetimes as its mail goes out at `now` (ms). Returns the row, or undefined when it was used or superseded
 * meanwhile and its mail is no longer wanted.
 */
export function stampChallenge(challenge: Challenge, now: number): Promise<Challenge | undefined> {
  return store.stampTimes(challenge.id, {
    sentAt: now,
    linkExpiresAt: now + linkLifetime[challenge.purpose](),
    codeExpiresAt: now + env().CODE_TTL,
  });
}

/** The six digits beside the link, as text. */
export function mailedCode(challenge: Pick<Challenge, "id" | "nonce" | "purpose">): string {
  const mac = createHmac("sha256", secretKey(`codes: ${challenge.purpose}`)).update(
    `${challenge.id}.${challenge.nonce}`,
  );
  // 48 bits over a million: the bias is below one in 10^8.
  return String(mac.digest().readUIntBE(0, 6) % 1_000_000).padStart(6, "0");
}

/**
 * What a link's token stands for, without using it up. Throws `link_invalid` when it is none of this purpose, and
 * `account_not_found` (with the address the token names) when its account is gone.
 */
export async function readLink(
  token: string,
  purpose: ChallengePurpose,
): Promise<{ challenge: Challenge; account: Account; state: LinkState }> {
  const { id, email } = await readLinkToken(token, purpose);
  const challenge = await store.findChallenge(id);
  const account = challenge && (await findAccount({ id: challenge.accountId }));
  if (!account || challenge.purpose !== purpose) throw new AuthError("account_not_found", { email });
  return { challenge, account, state: linkStateOf(challenge, clock()) };
}

/** Whether the challenge with this id was made for the same sign-up. */
export async function isOfSameSignUp(id: string, { accountId, purpose, signUpId }: Challenge): Promise<boolean> {
  const other = await store.findChallenge(id);
  return other?.accountId === accountId && other.purpose === purpose && other.signUpId === signUpId;
}

/**
 * Counts a code that somebody types, before anyone looks whose it would be: five tries an account are many where one machine
 * tries them on thousands of accounts. Throws `too_many_tries`.
 */
export async function countCode(client: Client): Promise<void> {
  await take([["code-address", networkOf(client)]], clock());
}

/** As `checkCode` with a code that is dead, for a name that nobody has: it takes as long. */
export async function checkCodeOfNobody(name: string, purpose: ChallengePurpose): Promise<void> {
  await store.newestChallenge({ accountId: NOBODY.id, purpose, signUpId: null });
  await countForNobody(name);
}

/**
 * Compares a typed code with the newest mailed one of this purpose, and returns its challenge; of several sign-ups with one
 * address, only that of `signUpId` counts: the code of a mail that an impostor caused must not fit. The try is counted before
 * the comparison, so parallel or aborted guesses count; five kill the code, fifteen a day the account's codes.
 * Throws `code_wrong` or `code_dead`.
 */
export async function checkCode(
  account: Account,
  purpose: ChallengePurpose,
  code: string,
  signUpId: string | null = null,
): Promise<Challenge> {
  const now = clock();
  const challenge = await store.newestChallenge({ accountId: account.id, purpose, signUpId });
  // The day's count and the code's own together: of fifteen tries none must be spent on a code that is dead already.
  const rows =
    challenge &&
    (await atomically(() => [must(store.spendTry(challenge.id, now)), ...taking([["code-day", account.id]], now)]));
  const spent = rows?.[0][0];
  if (!challenge || !spent) {
    await countForNobody(nobodysName(account.email));
    throw new AuthError("code_dead");
  }
  noteCounted(() => giveBack(["code-day", account.id]));
  noteCounted(() => store.giveTryBack(spent.id));
  // Constant time: a comparison that stops at the first wrong digit tells how many were right.
  const right = timingSafeEqual(digest(code.replace(/\s/g, "")), digest(mailedCode(challenge)));
  if (!right) throw new AuthError(spent.triesLeft === 0 ? "code_dead" : "code_wrong");
  await giveBack(["code-day", account.id]);
  return challenge;
}

const digest = (text: string): Buffer => createHmac("sha256", secretKey("code comparison")).update(text).digest();
