import { authenticateOpaque } from "#lib/auth/sessions/opaque-tokens.ts";
import { AUTHENTICATE_REFUSALS, endSession } from "#lib/auth/sessions/sessions.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { fields, token } from "#lib/contracts/fields.ts";
import { userId, usersContract } from "../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: usersContract,
  method: "POST",
  summary: "End the session of a log-in token",
  input: fields({ token }),
  output: userId,
  errors: AUTHENTICATE_REFUSALS,
  example: { input: { token: EXAMPLE.token }, output: 25 },
  async run({ input }) {
    const { account, session } = await authenticateOpaque(input);
    await endSession({ account, sessionId: session.id });
    return { body: account.id };
  },
});
