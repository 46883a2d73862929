import { findAuthenticator, takeStep } from "#db/authenticators.ts";
import { must } from "#db/client.ts";
import { queueDailyNotice } from "#db/outbox.ts";
import { takeRecoveryCode } from "#db/recovery-codes.ts";
import type { Account } from "#db/schema.ts";
import { SealBroken, unseal } from "#lib/auth/at-rest.ts";
import { AuthError, refusals } from "#lib/auth/errors.ts";
import { noticeOf } from "#lib/auth/factors/notice.ts";
import { type Counter, clear, giveBack, networkOf, take } from "#lib/auth/limits.ts";
import { recordAttempt, recordEvent } from "#lib/auth/record-event.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";
import { log } from "#lib/log.ts";
import { asRecoveryCode, hashRecoveryCode } from "./recovery-codes.ts";
import { matchingStep } from "./totp.ts";
import { isTrustedBrowser } from "./trusted-browsers.ts";

/** What stands between a first factor and what it opens. */

export const SECOND_FACTOR_REFUSALS = refusals("second_factor_needed", "second_factor_wrong", "too_many_tries");

export type Passed = {
  /** What it adds to how a session was opened (RFC 8176). */
  amr: readonly string[];
  /** Statements for `atomically`, after the one that holds the account: they use the code up, and undo all where it is used. */
  spend: (now: number) => PromiseLike<unknown>[];
  /** Whether the account has one and it was not asked for: the session is then not confirmed by having been opened. */
  isSpared: boolean;
};

/** There is none, or none is missing. */
export const NOT_NEEDED: Passed = { amr: [], spend: () => [], isSpared: false };
export const SPARED: Passed = { ...NOT_NEEDED, isSpared: true };

/**
 * Looks at the second factor of an account that has one. `code` is what was given: six digits of the app, or a recovery code.
 * Throws `second_factor_needed` where there is none, `second_factor_wrong`, `too_many_tries`.
 */
export async function passSecondFactor({
  account,
  client,
  code,
}: {
  account: Pick<Account, "id" | "sub" | "email" | "secondFactor" | "passwordEpoch">;
  client: Client;
  code: string | undefined;
}): Promise<Passed> {
  if (account.secondFactor === 0) return NOT_NEEDED;
  if (await isTrustedBrowser(account, client)) return SPARED;
  if (code === undefined) throw new AuthError("second_factor_needed");
  return checkCode(account, client, code);
}

/**
 * The same for somebody who is in and must show once more that it is them: no browser is trusted with that.
 * Throws `second_factor_wrong`, `too_many_tries`.
 */
export async function checkCode(
  account: Pick<Account, "id" | "sub" | "email">,
  client: Client,
  code: string,
): Promise<Passed> {
  // The account's count, whatever door: who tries codes has the password already, and must not have five for each way in.
  // Counted before it is compared, so that a burst of parallel tries cannot outrun the count.
  const tries: Counter = ["second-factor", account.id];
  // And the caller's, for whoever has the passwords of many.
  const ofCaller: Counter = ["code-address", networkOf(client)];
  await take([tries, ofCaller], clock()).catch((error) => tellOwner(error, account));
  const use = (await codeOfApp(account, code)) ?? codeOfRecovery(account, client, code);
  if (use)
    return { amr: ["otp", "mfa"], spend: (now) => [...use(now), clear(tries), giveBack(ofCaller)], isSpared: false };
  return refuseCode(account, client);
}

/** Whoever has tried so many codes had the first factor: its owner must hear of that while there is something to be done. Once a day. */
async function tellOwner(error: unknown, { id, email }: Pick<Account, "id" | "email">): Promise<never> {
  if (error instanceof AuthError && error.limit === "second-factor")
    await queueDailyNotice({
      template: "factor-changed",
      about: "codes-refused",
      to: email,
      accountId: id,
      now: clock(),
    });
  throw error;
}

/** Also for a code that only the transaction found to be used, or nobody's. */
export async function refuseCode(account: Pick<Account, "id" | "sub">, client: Client): Promise<never> {
  await recordAttempt("second_factor_refused", { account, client });
  throw new AuthError("second_factor_wrong");
}

type Use = (now: number) => PromiseLike<unknown>[];

async function codeOfApp({ id }: Pick<Account, "id">, typed: string): Promise<Use | undefined> {
  const code = digitsOf(typed);
  const row = code && (await findAuthenticator(id));
  if (!code || !row || row.confirmedAt === null) return undefined;
  const secret = openSecret(row);
  const step = secret && matchingStep(secret, code, clock());
  // Whoever looked over a shoulder, or stands in between, has the code in the same half minute: it was good once.
  if (!step || step <= row.lastStep) return undefined;
  return () => [must(takeStep(id, { secret: row.secret, step }))];
}

function codeOfRecovery(
  account: Pick<Account, "id" | "sub" | "email">,
  client: Client,
  typed: string,
): Use | undefined {
  const { id } = account;
  const code = asRecoveryCode(typed);
  if (!code) return undefined;
  return (now) => [
    // Whether there is such a code, this statement finds out.
    must(takeRecoveryCode(id, hashRecoveryCode(id, code), now)),
    // Whoever did not use it themselves must hear that somebody else has their codes.
    noticeOf(account, "recovery-code-used", now),
    recordEvent("recovery_code_used", { account, client }, now),
  ];
}

/** However it was pasted. */
const digitsOf = (typed: string): string | undefined => /^\d{6}$/.exec(typed.replace(/[\s-]/g, ""))?.[0];

/**
 * Undefined where it was sealed under another AUTH_SECRET: the app then shows no right code any more, and recovery codes are left. Of one
 * that is being added, also where another session than `addedBy` has begun it.
 */
export function openSecret(
  { accountId, secret }: { accountId: number; secret: string },
  addedBy?: string,
): string | undefined {
  try {
    return unseal(secret, sealedFor(accountId, addedBy));
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error;
    if (addedBy !== undefined) return undefined;
    log.error("authenticator_unreadable", { hint: "AUTH_SECRET is not the one that it was added with" });
    return undefined;
  }
}

/** `addedBy`: the session that is adding it, until it is confirmed. */
export const sealedFor = (accountId: number, addedBy?: string) => ({
  use: "authenticators at rest",
  row: addedBy === undefined ? String(accountId) : `${accountId} ${addedBy}`,
});
