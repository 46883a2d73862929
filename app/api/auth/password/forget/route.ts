import { REQUEST_RESET_REFUSALS, requestReset } from "#lib/auth/proofs/reset-password.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { email, fields } from "#lib/contracts/fields.ts";
import { nullIfHidden } from "#lib/contracts/hidden-accounts.ts";
import { MAIL_LINK_REFUSALS, mailLink } from "#lib/contracts/redirect-url.ts";
import { authContract, onlyMessage, redirectURL } from "../../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: authContract,
  method: "POST",
  summary: "Ask for a mail to reset the password",
  sources: ["json", "form", "query"],
  input: fields({ email, redirectURL }),
  output: onlyMessage,
  errors: [...REQUEST_RESET_REFUSALS, ...MAIL_LINK_REFUSALS],
  example: { input: { email: EXAMPLE.email }, output: { message: "Verification email has been sent" } },
  async run({ input, client }) {
    const link = mailLink(input.redirectURL, "/reset-password");
    await nullIfHidden(requestReset({ identifier: input.email, link, client }));
    return { body: { message: "Verification email has been sent" } };
  },
});
