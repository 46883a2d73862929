import { requestVerification } from "#lib/auth/proofs/request-verification.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { fields, identifier } from "#lib/contracts/fields.ts";
import { mailLink } from "#lib/contracts/redirect-url.ts";
import { emptyEnvelope, flatContract, said, unlessHidden } from "../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: flatContract,
  method: "POST",
  summary: "Mail a new confirmation code",
  input: fields({ username: identifier }),
  output: emptyEnvelope,
  errors: ["account_not_found", "already_verified", "too_many_tries"],
  example: { input: { username: EXAMPLE.username }, output: said("A confirmation code has been sent") },
  async run({ input, client }) {
    const link = mailLink(undefined, "/verify-email");
    await requestVerification({ identifier: input.username, link, client }).catch(unlessHidden);
    return { body: said("A confirmation code has been sent") };
  },
});
