import { z } from "zod";
import { LOG_IN_REFUSALS, logIn } from "#lib/auth/factors/password/log-in.ts";
import { issueTokens } from "#lib/auth/tokens/tokens.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { email, fields, givenPassword } from "#lib/contracts/fields.ts";
import { accountsAreHidden } from "#lib/contracts/hidden-accounts.ts";
import { MAIL_LINK_REFUSALS, mailLink } from "#lib/contracts/redirect-url.ts";
import { DOORS } from "#lib/doors.ts";
import { authContract, noAccountForMail, redirectURL } from "../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: authContract,
  method: "POST",
  hashes: "log-in",
  summary: "Log in",
  input: fields({ email, password: givenPassword, redirectURL }),
  output: fields({ accessToken: z.string(), refreshToken: z.string(), message: z.string() }),
  refusals: { account_not_found: noAccountForMail },
  errors: [...LOG_IN_REFUSALS, ...MAIL_LINK_REFUSALS],
  example: {
    input: { email: EXAMPLE.email, password: EXAMPLE.password },
    output: { accessToken: EXAMPLE.accessToken, refreshToken: EXAMPLE.refreshToken, message: "Login successful" },
  },
  async run({ input, client, otp }) {
    const link = mailLink(input.redirectURL, "/verify-email");
    const opened = await logIn({
      identifier: input.email,
      password: input.password,
      link,
      client,
      code: otp,
      door: DOORS.auth,
      hidesUnproved: accountsAreHidden(),
    });
    const { accessToken, refreshToken } = await issueTokens(opened);
    return { body: { accessToken, refreshToken, message: "Login successful" } };
  },
});
