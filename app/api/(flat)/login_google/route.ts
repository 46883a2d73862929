import { z } from "zod";
import { AuthError } from "#lib/auth/errors.ts";
import { LOG_IN_WITH_GOOGLE_REFUSALS, logInWithGoogle } from "#lib/auth/factors/google/log-in.ts";
import { CLAIMS_REFUSALS, claimsFromCode, claimsFromIdToken, tokenCounter } from "#lib/auth/factors/google/provider.ts";
import { type Counter, giveBack, networkOf, take } from "#lib/auth/limits.ts";
import { clock } from "#lib/clock.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { fields, token } from "#lib/contracts/fields.ts";
import { isOfSecondFactor } from "#lib/contracts/refusals.ts";
import { DOORS } from "#lib/doors.ts";
import { startGoogleLogIn } from "#lib/pages/google-redirects.ts";
import { credentialsData, envelope, exampleCredentials, flatContract, presentCredentials, said } from "../contract.ts";

const input = fields({
  id_token: token.describe("What Google gave your client").optional(),
  code: token.describe("Instead of it: the code Google gave your client").optional(),
  redirect_uri: token.describe("With `code`: where Google sent it").optional(),
  code_verifier: token.describe("With `code`: the PKCE verifier").optional(),
  nonce: token.describe("What the ID token holds, if your client sent one").optional(),
});

/** A browser is sent to Google and comes back at `callback`. */
export const GET = startGoogleLogIn;

export const { POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: flatContract,
  method: "POST",
  summary: "Log in with Google",
  description:
    "Give `id_token`, or `code` with `redirect_uri` and `code_verifier`; An ID token is taken once, and `nonce` must be given where it holds one. A browser is sent here with GET instead.",
  input: input.refine((given) => given.id_token ?? (given.code && given.redirect_uri && given.code_verifier), {
    path: ["id_token"],
    error: "is required, or code with redirect_uri and code_verifier",
  }),
  output: envelope(credentialsData.extend({ resfresh_token: z.string(), refresh_token: z.string() })),
  errors: [...CLAIMS_REFUSALS, ...LOG_IN_WITH_GOOGLE_REFUSALS],
  example: {
    input: { id_token: EXAMPLE.idToken },
    output: said("Login successful", {
      ...exampleCredentials,
      resfresh_token: EXAMPLE.refreshToken,
      refresh_token: EXAMPLE.refreshToken,
    }),
  },
  // Those are a browser's, see above.
  throughNext: ["GET", "HEAD"],
  async run({ input, client, otp }) {
    // Counted like a log-in with a password: before the work, and given back when it was a right one.
    const tries: Counter = ["login-address", networkOf(client)];
    await take([tries], clock());
    const claims = await claimsOf(input);
    const live = await logInWithGoogle({ claims, door: DOORS.flat, client, code: otp }).catch(async (error) => {
      // The same call again, with the code, must go through; without it the token still opens nothing.
      if (error instanceof AuthError && isOfSecondFactor(error.code) && input.id_token !== undefined)
        await giveBack(tokenCounter(input.id_token));
      throw error;
    });
    await giveBack(tries);
    const { data, refreshToken, caveat } = await presentCredentials(live);
    // The document's spelling, and the one a person would look for.
    return {
      body: said(`Login successful${caveat}`, { ...data, resfresh_token: refreshToken, refresh_token: refreshToken }),
    };
  },
});

function claimsOf({ id_token, code = "", redirect_uri = "", code_verifier = "", nonce }: z.output<typeof input>) {
  if (id_token !== undefined) return claimsFromIdToken({ idToken: id_token, nonce });
  return claimsFromCode({ code, redirectUri: redirect_uri, codeVerifier: code_verifier, nonce });
}
