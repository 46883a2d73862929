import { z } from "zod";
import type { Account } from "#lib/auth/accounts/accounts.ts";
import type { AuthErrorCode } from "#lib/auth/errors.ts";
import type { Session } from "#lib/auth/sessions/sessions.ts";
import { issueIdToken } from "#lib/auth/tokens/id-tokens.ts";
import { issueTokens } from "#lib/auth/tokens/tokens.ts";
import { temporaryCredentials } from "#lib/aws/temporary-credentials.ts";
import type { Contract, Refusal, RefusalOf, Sentences } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { tellsUnlessHidden } from "#lib/contracts/hidden-accounts.ts";
import { refusalExtras, SECOND_FACTOR_SENTENCES } from "#lib/contracts/refusals.ts";
import { env } from "#lib/env.ts";
import { flatStory } from "./story.ts";

/**
 * The flat contract: snake_case endpoints, an envelope `{message, data, error}`, a username and a mailed code. Its document
 * knows status 200 only; a refusal has a proper status and `error: true`, so a client that reads either one is told.
 */

const credentials = { status: 401, message: "Incorrect username or password" };
const token = { status: 401, message: "The token is not valid or has expired" };

const refusals = {
  account_not_found: { status: 404, message: "There is no account with this username" },
  wrong_password: credentials,
  account_blocked: { status: 403, message: "This account is blocked" },
  email_unverified: { status: 403, message: "This account is not confirmed yet. A new code has been sent" },
  already_verified: { status: 409, message: "This account is already confirmed" },
  email_taken: { status: 409, message: "There is already an account with this email" },
  username_taken: { status: 409, message: "This username is taken" },
  password_common: { status: 400, message: "This password is too common. Choose one that is harder to guess" },
  code_wrong: { status: 400, message: "The code is wrong" },
  code_dead: { status: 400, message: "The code is no longer valid. Ask for a new one" },
  session_invalid: token,
  provider_off: { status: 404, message: "Log-in with Google is not configured" },
  provider_refused: { status: 401, message: "Google did not confirm this log-in" },
  provider_unverified: { status: 403, message: "Google has not verified this email address" },
  provider_link_needed: {
    status: 403,
    message: "A mail is on its way that asks whether this Google account may log in to your account",
  },
  second_factor_needed: { status: 401, message: SECOND_FACTOR_SENTENCES.needed },
  second_factor_wrong: { status: 401, message: SECOND_FACTOR_SENTENCES.wrong },
  too_many_tries: { status: 429, message: "Too many tries. Wait before trying again" },
  busy: { status: 503, message: "The server is busy. Try again in a moment" },
} satisfies Sentences;

const envelopeRefusal = z
  .object({ message: z.string(), data: z.object({}), error: z.literal(true), ...refusalExtras })
  .meta({ id: "EnvelopeRefusal" });

export const flatContract = {
  name: "flat",
  title: "Flat: codes and envelopes",
  story: flatStory,
  refusal: envelopeRefusal,
  refusals,
  refusalBody: (message, { errors, requestId }) => ({
    message,
    data: {},
    error: true,
    ...(errors && { errors }),
    ...(requestId && { requestId }),
  }),
} satisfies Contract;

/** For log-in: one sentence whether the name or the password is wrong. */
export const unknownCredentials: RefusalOf = credentials;

/** With HIDE_ACCOUNTS, a code is refused alike whether it is the code that is wrong, or there is nobody to give it for. */
const unlessHidden = (refusal: Refusal) => tellsUnlessHidden(refusal, nameOrCode);
const nameOrCode = { status: 400, message: "The username or the code is not valid" };

export const codeRefusals = {
  account_not_found: unlessHidden(refusals.account_not_found),
  already_verified: unlessHidden(refusals.already_verified),
  code_wrong: unlessHidden(refusals.code_wrong),
  code_dead: unlessHidden(refusals.code_dead),
} satisfies Partial<Record<AuthErrorCode, RefusalOf>>;

export const envelope = <Data extends z.ZodType>(data: Data) =>
  z.object({ message: z.string(), data, error: z.literal(false) });
export const emptyEnvelope = envelope(z.object({}));

/** An answer, with its data if it has any. */
export const said = <Data extends object = Record<never, never>>(message: string, data?: Data) => ({
  message,
  data: data ?? ({} as Data),
  error: false as const,
});

/** What a log-in and a refresh have in common. The three AWS fields are empty where no role is configured. */
export const credentialsData = z.object({
  access_key: z.string().describe("Empty without an AWS role"),
  expires_in: z.string().describe("Seconds the token lives, as a string"),
  id_token: z.string().describe("An OpenID Connect ID token"),
  identity_id: z.string(),
  secret_key: z.string().describe("Empty without an AWS role"),
  session_key: z.string().describe("Empty without an AWS role"),
  token: z.string().describe("The access token"),
});

/** For the API description. */
export const exampleCredentials: z.input<typeof credentialsData> = {
  access_key: "",
  expires_in: "900",
  id_token: EXAMPLE.idToken,
  identity_id: `us-east-1:${EXAMPLE.sub}`,
  secret_key: "",
  session_key: "",
  token: EXAMPLE.accessToken,
};

/** The data of a log-in or refresh; beside it the session's refresh token and what the message adds, for a log-in. */
export async function presentCredentials(live: { account: Account; session: Session }) {
  const idToken = await issueIdToken(live);
  const [issued, aws] = await Promise.all([
    issueTokens(live),
    temporaryCredentials({ sessionId: live.session.id, sub: live.account.sub, idToken }),
  ]);
  // Empty where there are none: invented ones would fail later, and somewhere else.
  const { accessKey, secretKey, sessionKey } =
    typeof aws === "object" ? aws : { accessKey: "", secretKey: "", sessionKey: "" };
  const data = {
    access_key: accessKey,
    expires_in: String(issued.expiresIn),
    id_token: idToken,
    identity_id: `${env().AWS_REGION}:${live.account.sub}`,
    secret_key: secretKey,
    session_key: sessionKey,
    token: issued.accessToken,
  };
  const caveat = aws === "down" ? ". AWS credentials are not to be had at the moment" : "";
  return { data, refreshToken: issued.refreshToken, caveat };
}
