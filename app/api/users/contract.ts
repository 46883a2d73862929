import { z } from "zod";
import type { Account } from "#lib/auth/accounts/accounts.ts";
import type { Contract, Refusal, Sentences } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { tellsUnlessHidden } from "#lib/contracts/hidden-accounts.ts";
import { messageRefusal, messageRefusalBody, SECOND_FACTOR_SENTENCES } from "#lib/contracts/refusals.ts";
import { usersStory } from "./story.ts";

/** The users contract (`/api/users/*`): opaque session tokens, and a `token` header with a mailed code. */

const bad = (message: string) => ({ status: 400, message });
const credentials = bad("Incorrect email or password");
const token = bad("The token is not valid or has expired");

const tokenOrCode = bad("The token or the code is not valid");
/** With HIDE_ACCOUNTS, a token that names nobody must be refused like one with the wrong code beside it. */
const unlessHidden = (refusal: Refusal) => tellsUnlessHidden(refusal, tokenOrCode);

const refusals = {
  // One sentence for both: the document has no answer of its own for an address nobody has.
  account_not_found: credentials,
  wrong_password: credentials,
  account_blocked: bad("This account is blocked"),
  email_unverified: bad("This account is not verified yet. A new authorization code has been sent"),
  already_verified: bad("This account is already verified"),
  email_taken: bad("There is already an account with this email"),
  password_common: bad("This password is too common. Choose one that is harder to guess"),
  code_wrong: unlessHidden(bad("The code is wrong")),
  code_dead: unlessHidden(bad("The code is no longer valid. Ask for a new one")),
  session_invalid: token,
  token_invalid: unlessHidden(token),
  token_inert: unlessHidden(bad("Give the mailed code first")),
  second_factor_needed: bad(SECOND_FACTOR_SENTENCES.needed),
  second_factor_wrong: bad(SECOND_FACTOR_SENTENCES.wrong),
  too_many_tries: { status: 429, message: "Too many tries. Wait before trying again" },
  busy: { status: 503, message: "The server is busy. Try again in a moment" },
} satisfies Sentences;

export const usersContract = {
  name: "users",
  title: "Users: session tokens",
  story: usersStory,
  refusals,
  refusal: messageRefusal,
  refusalBody: messageRefusalBody,
} satisfies Contract;

/** The document's three kinds of session. */
export const SESSION_TYPES = {
  logIn: { session_type: 0, remark: "Normal user session" },
  reset: { session_type: 8, remark: "Reset password" },
  emailCode: { session_type: 9, remark: "Email authorization code" },
} as const;

export const userId = z.int().describe("The user's id, as a bare JSON number");

const session = z
  .object({
    // In the shape of a UUID without its version bits, which are random here.
    token: z.guid(),
    user_id: z.int(),
    remark: z.string(),
    session_type: z.literal([0, 8, 9]).describe("0: a log-in, 8: a password reset, 9: an address to be confirmed"),
    expired_on: z.iso.datetime().describe("When the token stops working"),
    created_on: z.iso.datetime(),
    updated_on: z.iso.datetime(),
  })
  .meta({ id: "UserSession" });

export const userWithSession = z
  .object({
    id: z.int(),
    first_name: z.string(),
    last_name: z.string(),
    email: z.string(),
    phone_number: z.string(),
    avatar: z.string().nullable(),
    biography: z.string().nullable(),
    account_type: z.int(),
    status: z.int().describe("0: the address is not confirmed yet, 1: active, 2: blocked"),
    login_failed_count: z.int().describe("Wrong passwords since the last log-in"),
    created_on: z.iso.datetime(),
    updated_on: z.iso.datetime(),
    session,
  })
  .meta({ id: "UserWithSession" });

/** For the API description: the user with a session of this type. */
export const exampleUser = (
  type: (typeof SESSION_TYPES)[keyof typeof SESSION_TYPES],
  user: { status: number } & Partial<z.input<typeof userWithSession>>,
): z.input<typeof userWithSession> => ({
  id: 25,
  first_name: "Ada",
  last_name: "Example",
  email: EXAMPLE.email,
  phone_number: "+44 20 7946 0000",
  avatar: null,
  biography: null,
  account_type: 0,
  login_failed_count: 0,
  created_on: "2026-05-24T17:33:41.470Z",
  updated_on: "2026-05-24T17:33:41.470Z",
  session: {
    token: EXAMPLE.token,
    user_id: 25,
    ...type,
    expired_on: "2026-06-24T10:30:29.110Z",
    created_on: "2026-05-25T10:30:29.110Z",
    updated_on: "2026-05-25T10:30:29.110Z",
  },
  ...user,
});

type Issued = { token: string; createdAt: number; updatedAt?: number; expiresAt: number };
const date = (ms: number): string => new Date(ms).toISOString();

/** The user with the session just opened, key for key as the document shows it. */
export function presentUser(
  account: Account,
  issued: Issued,
  type: (typeof SESSION_TYPES)[keyof typeof SESSION_TYPES],
) {
  return {
    id: account.id,
    first_name: account.firstName,
    last_name: account.lastName,
    email: account.email,
    phone_number: account.phoneNumber,
    avatar: account.avatar,
    biography: account.biography,
    account_type: account.accountType,
    status: account.status,
    login_failed_count: account.loginFailedCount,
    created_on: date(account.createdAt),
    updated_on: date(account.updatedAt),
    session: {
      token: issued.token,
      user_id: account.id,
      ...type,
      expired_on: date(issued.expiresAt),
      created_on: date(issued.createdAt),
      updated_on: date(issued.updatedAt ?? issued.createdAt),
    },
  };
}

/** All keys of a user and nothing the caller did not send, for answers to someone who has proved nothing. */
export function strangersView(sent: { email: string } & Partial<Account>, issued: Issued): Account {
  return {
    id: 0,
    sub: "",
    username: null,
    usernameKey: null,
    firstName: "",
    lastName: "",
    phoneNumber: "",
    avatar: null,
    biography: null,
    accountType: 0,
    passwordEpoch: 0,
    secondFactor: 0,
    status: 1,
    loginFailedCount: 0,
    createdAt: issued.createdAt,
    updatedAt: issued.createdAt,
    deletesAt: null,
    ...sent,
  };
}
