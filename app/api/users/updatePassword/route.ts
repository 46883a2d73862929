import { RESET_BY_CODE_TOKEN_REFUSALS, resetByCodeToken } from "#lib/auth/proofs/code-tokens.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { code, fields, newPassword } from "#lib/contracts/fields.ts";
import { userId, usersContract } from "../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: usersContract,
  method: "POST",
  hashes: "new-password",
  summary: "Set a new password with the token of resetPassword",
  description: "The mailed code must have been given to verifyAuthorizationCode before, or stand here as `code`.",
  credential: "token",
  input: fields({ password: newPassword, code: code.optional() }),
  output: userId,
  errors: RESET_BY_CODE_TOKEN_REFUSALS,
  example: { input: { password: EXAMPLE.newPassword, code: EXAMPLE.code }, output: 25 },
  async run({ input, caller, client }) {
    const account = await resetByCodeToken({ token: caller, ...input, client });
    return { body: account.id };
  },
});
