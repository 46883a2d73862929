import { z } from "zod";
import type { AuthErrorCode } from "#lib/auth/errors.ts";
import type { Caller } from "#lib/auth/sessions/sessions.ts";
import type { Contract, RefusalOf } from "#lib/contracts/endpoint.ts";
import { text } from "#lib/contracts/fields.ts";
import { messageRefusal, messageRefusalBody } from "#lib/contracts/refusals.ts";
import { env } from "#lib/env.ts";
import { authStory } from "./story.ts";

/** The auth contract (`/auth/*`): JWT pairs, and mailed links to `redirectURL`. Documented sentences stand as documented. */

/** The frontend page a mailed link shall lead to; what may stand in it, lib/contracts/redirect-url.ts decides. */
export const redirectURL = text(2048)
  .meta({ description: "The page of yours that the mailed link leads to", format: "uri" })
  .optional();

export const noAccountWithEmail: RefusalOf = ({ email }) => ({
  status: 404,
  message: `Failed! No Account found with email ${email}`,
});

/** Log-in has a sentence of its own for this. It tells anyone who has an account; HIDE_ACCOUNTS ends that. */
export const noAccountForMail: RefusalOf = (about) =>
  env().HIDE_ACCOUNTS ? incorrect(about) : { status: 404, message: `No account found for mail ${about.email}` };

const incorrect = ({ email }: { email: string }) => ({ status: 400, message: `Incorrect credentials for ${email}` });

const expired = { status: 403, message: "Session expired or token is not valid" };

const refusals = {
  account_not_found: noAccountWithEmail,
  account_blocked: { status: 403, message: "This account is blocked" },
  wrong_password: incorrect,
  email_unverified: ({ email }) => ({ status: 403, message: `Verification email has been sent ${email}` }),
  already_verified: { status: 400, message: "This account is already verified" },
  email_taken: ({ email }) => ({ status: 400, message: `Accopunt for mail ${email} already exist` }),
  username_taken: { status: 400, message: "This username is taken" },
  password_common: { status: 400, message: "This password is too common. Choose one that is harder to guess" },
  link_invalid: expired,
  link_expired: expired,
  link_used: expired,
  link_superseded: expired,
  code_wrong: { status: 400, message: "The code is wrong" },
  code_dead: { status: 400, message: "The code is no longer valid. Ask for a new one" },
  session_invalid: expired,
  token_invalid: expired,
  token_inert: expired,
  redirect_refused: { status: 400, message: "redirectURL is not on the list of allowed addresses" },
  mail_refused: { status: 403, message: "This address has asked not to be mailed" },
  provider_off: { status: 404, message: "Log-in with Google is not configured" },
  provider_cancelled: { status: 400, message: "Log-in with Google was cancelled" },
  provider_lost: { status: 400, message: "This log-in with Google is not valid or too old" },
  provider_refused: { status: 400, message: "Google did not confirm this log-in" },
  provider_unverified: { status: 403, message: "Google has not verified this email address" },
  provider_link_needed: {
    status: 403,
    message: "A mail is on its way that asks whether this Google account may log in to your account",
  },
  last_way_in: { status: 409, message: "This is the only way to log in to the account" },
  too_many_tries: { status: 429, message: "Too many tries. Wait before trying again" },
  busy: { status: 503, message: "The server is busy. Try again in a moment" },
} satisfies Record<AuthErrorCode, RefusalOf>;

export const authContract: Contract = {
  name: "auth",
  title: "Auth: token pairs",
  story: authStory,
  refusals,
  refusal: messageRefusal,
  refusalBody: messageRefusalBody,
};

export const onlyMessage = z.object({ message: z.string() });
export const tokenPair = z.object({ accessToken: z.string(), refreshToken: z.string() }).meta({ id: "TokenPair" });

export const account = z
  .object({
    id: z.int(),
    sub: z.uuid(),
    email: z.string(),
    username: z.string().nullable(),
    firstName: z.string(),
    lastName: z.string(),
    phoneNumber: z.string(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "Account" });

/** What `GET /api/auth/me` tells the account's own holder. */
export function presentAccount(account: Caller["account"]) {
  return {
    id: account.id,
    sub: account.sub,
    email: account.email,
    username: account.username,
    firstName: account.firstName,
    lastName: account.lastName,
    phoneNumber: account.phoneNumber,
    createdAt: new Date(account.createdAt).toISOString(),
  };
}
