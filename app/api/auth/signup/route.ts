import { SIGN_UP_REFUSALS } from "#lib/auth/accounts/sign-up.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { email, fields, newPassword } from "#lib/contracts/fields.ts";
import { signUpUnlessTaken } from "#lib/contracts/hidden-accounts.ts";
import { MAIL_LINK_REFUSALS, mailLink } from "#lib/contracts/redirect-url.ts";
import { authContract, onlyMessage, redirectURL } from "../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: authContract,
  method: "POST",
  hashes: "new-password",
  summary: "Sign up",
  input: fields({ email, password: newPassword, redirectURL }),
  output: onlyMessage,
  errors: [...SIGN_UP_REFUSALS, ...MAIL_LINK_REFUSALS],
  example: {
    input: { email: EXAMPLE.email, password: EXAMPLE.password },
    output: { message: `Account created! Mail sent for ${EXAMPLE.email}` },
  },
  async run({ input, client, emailSent }) {
    const link = mailLink(input.redirectURL, "/verify-email");
    await signUpUnlessTaken({ email: input.email, password: input.password, link, client });
    return { body: { message: `Account created! Mail sent for ${emailSent}` } };
  },
});
