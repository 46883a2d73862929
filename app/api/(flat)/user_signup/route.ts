import { NAMED_SIGN_UP_REFUSALS } from "#lib/auth/accounts/sign-up.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { email, fields, newPassword, newUsername } from "#lib/contracts/fields.ts";
import { signUpUnlessTaken } from "#lib/contracts/hidden-accounts.ts";
import { mailLink } from "#lib/contracts/redirect-url.ts";
import { emptyEnvelope, flatContract, said } from "../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: flatContract,
  method: "POST",
  hashes: "new-password",
  summary: "Sign up",
  description: "A code is mailed; give it to auth_confirm.",
  input: fields({ email, username: newUsername, password: newPassword }),
  output: emptyEnvelope,
  errors: NAMED_SIGN_UP_REFUSALS,
  example: {
    input: { email: EXAMPLE.email, username: EXAMPLE.username, password: EXAMPLE.password },
    output: said("Account created. A confirmation code has been sent"),
  },
  async run({ input, client }) {
    await signUpUnlessTaken({ ...input, link: mailLink(undefined, "/verify-email"), client });
    return { body: said("Account created. A confirmation code has been sent") };
  },
});
