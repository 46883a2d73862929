import { RESET_BY_CODE_REFUSALS, resetByCode } from "#lib/auth/proofs/reset-password.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { code, fields, identifier, newPassword } from "#lib/contracts/fields.ts";
import { codeRefusals, emptyEnvelope, flatContract, said } from "../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: flatContract,
  method: "POST",
  hashes: "new-password",
  summary: "Set a new password with the mailed code",
  input: fields({ username: identifier, password: newPassword, confirm_code: code }),
  output: emptyEnvelope,
  refusals: codeRefusals,
  errors: RESET_BY_CODE_REFUSALS,
  example: {
    input: { username: EXAMPLE.username, password: EXAMPLE.newPassword, confirm_code: EXAMPLE.code },
    output: said("Password has been changed"),
  },
  async run({ input, client }) {
    await resetByCode({ identifier: input.username, code: input.confirm_code, password: input.password, client });
    return { body: said("Password has been changed") };
  },
});
