import { signUp, signUpQuietly } from "#lib/auth/sign-up.ts";
import { env } from "#lib/env.ts";
import { endpoint } from "#lib/http/endpoint.ts";
import { EXAMPLE } from "#lib/http/examples.ts";
import { email, fields, newPassword } from "#lib/http/fields.ts";
import { mailLink } from "#lib/http/redirect-url.ts";
import { authContract, onlyMessage, redirectURL } from "../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: authContract,
  method: "POST",
  summary: "Sign up",
  input: fields({ email, password: newPassword, redirectURL }),
  output: onlyMessage,
  errors: ["email_taken", "password_common", "redirect_refused", "too_many_tries", "busy"],
  example: {
    input: { email: EXAMPLE.email, password: EXAMPLE.password },
    output: { message: `Account created! Mail sent for ${EXAMPLE.email}` },
  },
  async run({ input, client, emailSent }) {
    const link = mailLink(input.redirectURL, "/verify-email");
    const signUpAsConfigured = env().HIDE_ACCOUNTS ? signUpQuietly : signUp;
    await signUpAsConfigured({ email: input.email, password: input.password, link, client });
    return { body: { message: `Account created! Mail sent for ${emailSent}` } };
  },
});
