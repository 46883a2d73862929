import { countResetToken, issueCodeToken } from "#lib/auth/proofs/code-tokens.ts";
import { REQUEST_RESET_REFUSALS, requestReset } from "#lib/auth/proofs/reset-password.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { email, fields } from "#lib/contracts/fields.ts";
import { accountsAreHidden, nullIfHidden } from "#lib/contracts/hidden-accounts.ts";
import { mailLink } from "#lib/contracts/redirect-url.ts";
import { exampleUser, presentUser, SESSION_TYPES, strangersView, usersContract, userWithSession } from "../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: usersContract,
  method: "POST",
  summary: "Ask for a mail to reset the password",
  description:
    "The token in the answer does nothing until the mailed code is given, to verifyAuthorizationCode or together with the new password to updatePassword. Apart from the id, the profile shows only what was sent.",
  input: fields({ email }),
  output: userWithSession,
  refusals: { account_not_found: { status: 404, message: "There is no account with this email" } },
  errors: REQUEST_RESET_REFUSALS,
  example: {
    input: { email: EXAMPLE.email },
    output: exampleUser(SESSION_TYPES.reset, { status: 1, first_name: "", last_name: "", phone_number: "" }),
  },
  async run({ input, client }) {
    await countResetToken(client);
    const link = mailLink(undefined, "/reset-password");
    const account = await nullIfHidden(requestReset({ identifier: input.email, link, client }));
    const issued = await issueCodeToken(account?.id ?? null, "reset-password");
    // Whoever asks has proved nothing. With HIDE_ACCOUNTS not even the id may tell that there is an account.
    const id = account && !accountsAreHidden() ? account.id : 0;
    return { body: presentUser(strangersView({ email: input.email, id }, issued), issued, SESSION_TYPES.reset) };
  },
});
