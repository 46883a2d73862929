import { REQUEST_VERIFICATION_REFUSALS, requestVerification } from "#lib/auth/proofs/request-verification.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { fields, identifier } from "#lib/contracts/fields.ts";
import { nullIfHidden } from "#lib/contracts/hidden-accounts.ts";
import { mailLink } from "#lib/contracts/redirect-url.ts";
import { emptyEnvelope, flatContract, said } from "../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: flatContract,
  method: "POST",
  summary: "Mail a new confirmation code",
  input: fields({ username: identifier }),
  output: emptyEnvelope,
  errors: REQUEST_VERIFICATION_REFUSALS,
  example: { input: { username: EXAMPLE.username }, output: said("A confirmation code has been sent") },
  async run({ input, client }) {
    const link = mailLink(undefined, "/verify-email");
    await nullIfHidden(requestVerification({ identifier: input.username, link, client }));
    return { body: said("A confirmation code has been sent") };
  },
});
