import { randomUUID } from "node:crypto";
import { errors, jwtVerify, SignJWT } from "jose";
import type { Client } from "#lib/auth/client.ts";
import { secretKey } from "#lib/auth/secret.ts";

/** How many accounts one browser is remembered for. */
const MOST_ACCOUNTS = 5;
/** Seconds; browsers keep a cookie no longer than 400 days. */
export const DEVICE_COOKIE_MAX_AGE = 400 * 24 * 60 * 60;

type Device = NonNullable<Client["device"]>;

/**
 * Reads the signed cookie of a browser that has logged in before. It lets nobody in; it only gives the browser a count of
 * wrong passwords of its own, so a forged one (undefined here) would buy an attacker more guesses.
 */
export async function readDevice(value: string | undefined): Promise<Device | undefined> {
  if (!value) return undefined;
  try {
    const { payload } = await jwtVerify(value, secretKey("device cookies"), {
      algorithms: ["HS256"],
      typ: "device+jwt",
    });
    return { id: String(payload.jti), accounts: Array.isArray(payload.accounts) ? payload.accounts.map(String) : [] };
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

/** The cookie's value after a log-in to the account with this `sub`. */
export async function rememberAccount(device: Device | undefined, sub: string): Promise<string> {
  const accounts = [sub, ...(device?.accounts ?? []).filter((one) => one !== sub)].slice(0, MOST_ACCOUNTS);
  return new SignJWT({ accounts })
    .setProtectedHeader({ alg: "HS256", typ: "device+jwt" })
    .setJti(device?.id ?? randomUUID())
    .setIssuedAt()
    .sign(secretKey("device cookies"));
}
