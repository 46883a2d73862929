import { signUp, signUpQuietly } from "#lib/auth/accounts/sign-up.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { email, fields, newPassword, newUsername } from "#lib/contracts/fields.ts";
import { mailLink } from "#lib/contracts/redirect-url.ts";
import { env } from "#lib/env.ts";
import { emptyEnvelope, flatContract, said } from "../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: flatContract,
  method: "POST",
  hashes: "new-password",
  summary: "Sign up",
  description: "A code is mailed; give it to auth_confirm.",
  input: fields({ email, username: newUsername, password: newPassword }),
  output: emptyEnvelope,
  errors: ["email_taken", "username_taken", "password_common", "too_many_tries", "busy"],
  example: {
    input: { email: EXAMPLE.email, username: EXAMPLE.username, password: EXAMPLE.password },
    output: said("Account created. A confirmation code has been sent"),
  },
  async run({ input, client }) {
    const signUpAsConfigured = env().HIDE_ACCOUNTS ? signUpQuietly : signUp;
    await signUpAsConfigured({ ...input, link: mailLink(undefined, "/verify-email"), client });
    return { body: said("Account created. A confirmation code has been sent") };
  },
});
