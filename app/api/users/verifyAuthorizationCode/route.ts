import { PRESENT_CODE_REFUSALS, presentCode } from "#lib/auth/proofs/code-tokens.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { code, fields } from "#lib/contracts/fields.ts";
import { userId, usersContract } from "../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: usersContract,
  method: "POST",
  summary: "Give the mailed code that belongs to a token",
  description: "After sign-up it confirms the address; after resetPassword it lets the token set a password, once.",
  credential: "token",
  input: fields({ code }),
  output: userId,
  errors: PRESENT_CODE_REFUSALS,
  example: { input: { code: EXAMPLE.code }, output: 25 },
  async run({ input, caller, client }) {
    const account = await presentCode({ token: caller, code: input.code, client });
    return { body: account.id };
  },
});
