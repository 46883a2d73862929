import { AuthError } from "#lib/auth/errors.ts";
import { requestReset } from "#lib/auth/proofs/reset-password.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { email, fields } from "#lib/contracts/fields.ts";
import { mailLink } from "#lib/contracts/redirect-url.ts";
import { env } from "#lib/env.ts";
import { authContract, onlyMessage, redirectURL } from "../../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: authContract,
  method: "POST",
  summary: "Ask for a mail to reset the password",
  sources: ["json", "form", "query"],
  input: fields({ email, redirectURL }),
  output: onlyMessage,
  errors: ["account_not_found", "redirect_refused", "too_many_tries"],
  example: { input: { email: EXAMPLE.email }, output: { message: "Verification email has been sent" } },
  async run({ input, client }) {
    const link = mailLink(input.redirectURL, "/reset-password");
    await requestReset({ identifier: input.email, link, client }).catch(unlessHidden);
    return { body: { message: "Verification email has been sent" } };
  },
});

/** The document says 404 for an unknown address, which tells anyone who has an account; HIDE_ACCOUNTS ends that. */
function unlessHidden(error: unknown): void {
  if (env().HIDE_ACCOUNTS && error instanceof AuthError && error.code === "account_not_found") return;
  throw error;
}
