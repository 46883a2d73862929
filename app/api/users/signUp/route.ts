import { SIGN_UP_REFUSALS } from "#lib/auth/accounts/sign-up.ts";
import { issueCodeToken } from "#lib/auth/proofs/code-tokens.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { email, fields, newPassword, personName, phoneNumber } from "#lib/contracts/fields.ts";
import { accountsAreHidden, signUpUnlessTaken } from "#lib/contracts/hidden-accounts.ts";
import { mailLink } from "#lib/contracts/redirect-url.ts";
import { exampleUser, presentUser, SESSION_TYPES, strangersView, usersContract, userWithSession } from "../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: usersContract,
  method: "POST",
  hashes: "new-password",
  summary: "Sign up",
  description: "A code is mailed; give it to verifyAuthorizationCode with the token of the session in the answer.",
  input: fields({
    first_name: personName,
    last_name: personName,
    phone_number: phoneNumber,
    email,
    password: newPassword,
  }),
  output: userWithSession,
  errors: SIGN_UP_REFUSALS,
  example: {
    input: {
      first_name: "Ada",
      last_name: "Example",
      phone_number: "+44 20 7946 0000",
      email: EXAMPLE.email,
      password: EXAMPLE.password,
    },
    output: exampleUser(SESSION_TYPES.emailCode, { status: 0 }),
  },
  async run({ input, client }) {
    const profile = { firstName: input.first_name, lastName: input.last_name, phoneNumber: input.phone_number };
    const wanted = {
      ...profile,
      email: input.email,
      password: input.password,
      client,
      link: mailLink(undefined, "/verify-email"),
    };
    const account = await signUpUnlessTaken(wanted);
    const issued = await issueCodeToken(account?.id ?? null, "verify-email");
    // Whether this address was free must not show: the id stays out, and the token of nobody looks like any other.
    const shown =
      account && !accountsAreHidden() ? account : strangersView({ ...profile, email: input.email, status: 0 }, issued);
    return { body: presentUser(shown, issued, SESSION_TYPES.emailCode) };
  },
});
