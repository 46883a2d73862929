import { VERIFY_BY_CODE_REFUSALS, verifyEmailByCode } from "#lib/auth/proofs/verify-email.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { code, fields, identifier } from "#lib/contracts/fields.ts";
import { codeRefusals, emptyEnvelope, flatContract, said } from "../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: flatContract,
  method: "POST",
  summary: "Confirm an e-mail address with the mailed code",
  input: fields({ username: identifier, confirm_code: code }),
  output: emptyEnvelope,
  refusals: codeRefusals,
  errors: VERIFY_BY_CODE_REFUSALS,
  example: { input: { username: EXAMPLE.username, confirm_code: EXAMPLE.code }, output: said("Email confirmed") },
  async run({ input, client }) {
    await verifyEmailByCode({ identifier: input.username, code: input.confirm_code, client });
    return { body: said("Email confirmed") };
  },
});
