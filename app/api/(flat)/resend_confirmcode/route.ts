import { requestVerification } from "#lib/auth/request-verification.ts";
import { endpoint } from "#lib/http/endpoint.ts";
import { EXAMPLE } from "#lib/http/examples.ts";
import { fields, identifier } from "#lib/http/fields.ts";
import { mailLink } from "#lib/http/redirect-url.ts";
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
