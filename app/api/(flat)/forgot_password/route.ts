import { REQUEST_RESET_REFUSALS, requestReset } from "#lib/auth/proofs/reset-password.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { fields, identifier } from "#lib/contracts/fields.ts";
import { nullIfHidden } from "#lib/contracts/hidden-accounts.ts";
import { mailLink } from "#lib/contracts/redirect-url.ts";
import { emptyEnvelope, flatContract, said } from "../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: flatContract,
  method: "POST",
  summary: "Mail a code to reset the password",
  input: fields({ username: identifier }),
  output: emptyEnvelope,
  errors: REQUEST_RESET_REFUSALS,
  example: { input: { username: EXAMPLE.username }, output: said("A code to reset the password has been sent") },
  async run({ input, client }) {
    const link = mailLink(undefined, "/reset-password");
    await nullIfHidden(requestReset({ identifier: input.username, link, client }));
    return { body: said("A code to reset the password has been sent") };
  },
});
