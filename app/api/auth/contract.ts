import { z } from "zod";
import type { Caller } from "#lib/auth/sessions/sessions.ts";
import type { Contract, RefusalOf, Sentences } from "#lib/contracts/endpoint.ts";
import { text } from "#lib/contracts/fields.ts";
import { tellsUnlessHidden } from "#lib/contracts/hidden-accounts.ts";
import { messageRefusal, messageRefusalBody, SECOND_FACTOR_SENTENCES } from "#lib/contracts/refusals.ts";
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

const incorrect = ({ email }: { email: string }) => ({ status: 400, message: `Incorrect credentials for ${email}` });

/** Log-in has a sentence of its own for this. */
export const noAccountForMail = tellsUnlessHidden(
  ({ email }) => ({ status: 404, message: `No account found for mail ${email}` }),
  incorrect,
);

const expired = { status: 403, message: "Session expired or token is not valid" };

const refusals = {
  account_not_found: noAccountWithEmail,
  account_blocked: { status: 403, message: "This account is blocked" },
  wrong_password: incorrect,
  email_unverified: ({ email }) => ({ status: 403, message: `Verification email has been sent ${email}` }),
  email_taken: ({ email }) => ({ status: 400, message: `Accopunt for mail ${email} already exist` }),
  password_common: { status: 400, message: "This password is too common. Choose one that is harder to guess" },
  link_invalid: expired,
  link_expired: expired,
  link_used: expired,
  link_superseded: expired,
  session_invalid: expired,
  redirect_refused: { status: 400, message: "redirectURL is not on the list of allowed addresses" },
  second_factor_needed: { status: 403, message: SECOND_FACTOR_SENTENCES.needed },
  second_factor_wrong: { status: 403, message: SECOND_FACTOR_SENTENCES.wrong },
  too_many_tries: { status: 429, message: "Too many tries. Wait before trying again" },
  busy: { status: 503, message: "The server is busy. Try again in a moment" },
} satisfies Sentences;

export const authContract = {
  name: "auth",
  title: "Auth: token pairs",
  story: authStory,
  refusals,
  refusal: messageRefusal,
  refusalBody: messageRefusalBody,
} satisfies Contract;

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
