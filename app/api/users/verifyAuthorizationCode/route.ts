import { presentCode } from "#lib/auth/code-tokens.ts";
import { endpoint } from "#lib/http/endpoint.ts";
import { EXAMPLE } from "#lib/http/examples.ts";
import { code, fields } from "#lib/http/fields.ts";
import { tokenHeader } from "#lib/http/token-header.ts";
import { userId, usersContract } from "../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: usersContract,
  method: "POST",
  summary: "Give the mailed code that belongs to a token",
  description: "After sign-up it confirms the address; after resetPassword it lets the token set a password, once.",
  credential: "token",
  input: fields({ code }),
  output: userId,
  errors: ["token_invalid", "code_wrong", "code_dead", "already_verified", "account_blocked", "too_many_tries"],
  example: { input: { code: EXAMPLE.code }, output: 25 },
  async run({ input, request, client }) {
    const account = await presentCode({ token: tokenHeader(request), code: input.code, client });
    return { body: account.id };
  },
});
