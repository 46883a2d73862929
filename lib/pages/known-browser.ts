import { randomUUID } from "node:crypto";
import { errors, jwtVerify, SignJWT } from "jose";
import type { Account } from "#lib/auth/accounts/accounts.ts";
import { signerKey } from "#lib/auth/secret.ts";
import { BROWSER_LIFE, noteKnownBrowser } from "#lib/auth/sessions/known-browsers.ts";
import type { Client } from "#lib/client.ts";
import { clockDate, inSeconds } from "#lib/clock.ts";
import { type Cookie, cookie, deviceCookie } from "./cookies.ts";

/** How many accounts one browser is remembered for. */
const MOST_ACCOUNTS = 5;
/** Seconds. */
const MAX_AGE = BROWSER_LIFE / 1000;

type Device = NonNullable<Client["device"]>;

/**
 * Reads the signed cookie of a browser that has logged in before. It lets nobody in; it only gives the browser a count of
 * wrong passwords of its own, so a forged one (undefined here) would buy an attacker more guesses.
 */
export async function readDevice(value: string | undefined): Promise<Device | undefined> {
  if (!value) return undefined;
  try {
    const { payload } = await jwtVerify(value, await signerKey("device cookies"), {
      algorithms: ["HS256"],
      typ: "device+jwt",
      requiredClaims: ["jti", "exp", "epochs"],
      currentDate: clockDate(),
    });
    return { id: String(payload.jti), accounts: new Map(Object.entries(payload.epochs as Record<string, number>)) };
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

/**
 * Remembers this browser as one of the account's after a log-in: the cookie to set. `account` is as it was when the log-in
 * was decided, so that a reset meanwhile leaves the browser unknown.
 */
export async function rememberBrowser(
  before: string | undefined,
  account: Pick<Account, "id" | "sub" | "passwordEpoch">,
): Promise<Cookie> {
  const device = await readDevice(before);
  const id = device?.id ?? randomUUID();
  const others = [...(device?.accounts ?? [])].filter(([sub]) => sub !== account.sub);
  const accounts = [[account.sub, account.passwordEpoch] as const, ...others].slice(0, MOST_ACCOUNTS);
  await noteKnownBrowser(account, id);
  const value = await new SignJWT({ epochs: Object.fromEntries(accounts) })
    .setProtectedHeader({ alg: "HS256", typ: "device+jwt" })
    .setJti(id)
    .setIssuedAt(inSeconds(0))
    .setExpirationTime(inSeconds(MAX_AGE))
    .sign(await signerKey("device cookies"));
  return cookie(deviceCookie(), value, MAX_AGE);
}
