import { LOG_IN_REFUSALS, logIn } from "#lib/auth/factors/password/log-in.ts";
import { newOpaqueToken } from "#lib/auth/sessions/opaque-tokens.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { email, fields, givenPassword } from "#lib/contracts/fields.ts";
import { accountsAreHidden } from "#lib/contracts/hidden-accounts.ts";
import { mailLink } from "#lib/contracts/redirect-url.ts";
import { DOORS } from "#lib/doors.ts";
import { exampleUser, presentUser, SESSION_TYPES, usersContract, userWithSession } from "../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: usersContract,
  method: "POST",
  hashes: "log-in",
  summary: "Log in",
  input: fields({ email, password: givenPassword }),
  output: userWithSession,
  errors: LOG_IN_REFUSALS,
  example: {
    input: { email: EXAMPLE.email, password: EXAMPLE.password },
    output: exampleUser(SESSION_TYPES.logIn, { status: 1 }),
  },
  async run({ input, client, otp }) {
    const link = mailLink(undefined, "/verify-email");
    const token = newOpaqueToken();
    const { account, session } = await logIn({
      identifier: input.email,
      password: input.password,
      opaqueToken: token,
      link,
      client,
      code: otp,
      door: DOORS.users,
      hidesUnproved: accountsAreHidden(),
    });
    return { body: presentUser(account, { ...session, token }, SESSION_TYPES.logIn) };
  },
});
