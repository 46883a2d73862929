import { authenticateOpaque } from "#lib/auth/opaque-tokens.ts";
import { endSession } from "#lib/auth/sessions.ts";
import { endpoint } from "#lib/http/endpoint.ts";
import { EXAMPLE } from "#lib/http/examples.ts";
import { fields, token } from "#lib/http/fields.ts";
import { userId, usersContract } from "../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: usersContract,
  method: "POST",
  summary: "End the session of a log-in token",
  input: fields({ token }),
  output: userId,
  errors: ["session_invalid"],
  example: { input: { token: EXAMPLE.token }, output: 25 },
  async run({ input }) {
    const { account, session } = await authenticateOpaque(input);
    await endSession({ account, sessionId: session.id });
    return { body: account.id };
  },
});
