import { authenticateOpaque } from "#lib/auth/sessions/opaque-tokens.ts";
import { AUTHENTICATE_REFUSALS, authenticate } from "#lib/auth/sessions/sessions.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { fields, token } from "#lib/contracts/fields.ts";
import { BEARER_DOORS } from "#lib/doors.ts";
import { userId, usersContract } from "../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: usersContract,
  method: "POST",
  summary: "Whose log-in token this is",
  description: "Takes the token of a log-in here, and also an access token of the auth and flat contracts.",
  input: fields({ token }),
  output: userId,
  errors: AUTHENTICATE_REFUSALS,
  example: { input: { token: EXAMPLE.token }, output: 25 },
  async run({ input }) {
    const isJwt = input.token.includes(".");
    const { account } = isJwt
      ? await authenticate({ accessToken: input.token, doors: BEARER_DOORS })
      : await authenticateOpaque(input);
    return { body: account.id };
  },
});
