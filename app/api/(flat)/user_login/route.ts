import { z } from "zod";
import { LOG_IN_REFUSALS, logIn } from "#lib/auth/factors/password/log-in.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { fields, givenPassword, identifier } from "#lib/contracts/fields.ts";
import { accountsAreHidden } from "#lib/contracts/hidden-accounts.ts";
import { mailLink } from "#lib/contracts/redirect-url.ts";
import { DOORS } from "#lib/doors.ts";
import {
  credentialsData,
  envelope,
  exampleCredentials,
  flatContract,
  presentCredentials,
  said,
  unknownCredentials,
} from "../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: flatContract,
  method: "POST",
  hashes: "log-in",
  summary: "Log in",
  input: fields({ username: identifier, password: givenPassword }),
  output: envelope(credentialsData.extend({ refresh_token: z.string() })),
  outputHeaders: { "x-amzn-remapped-authorization": "`Bearer ` and the access token" },
  refusals: { account_not_found: unknownCredentials },
  errors: LOG_IN_REFUSALS,
  example: {
    input: { username: EXAMPLE.username, password: EXAMPLE.password },
    output: said("Login successful", { ...exampleCredentials, refresh_token: EXAMPLE.refreshToken }),
  },
  async run({ input, client, otp }) {
    const link = mailLink(undefined, "/verify-email");
    const opened = await logIn({
      identifier: input.username,
      password: input.password,
      link,
      client,
      code: otp,
      door: DOORS.flat,
      hidesUnproved: accountsAreHidden(),
    });
    const { data, refreshToken, caveat } = await presentCredentials(opened);
    return {
      body: said(`Login successful${caveat}`, { ...data, refresh_token: refreshToken }),
      headers: { "x-amzn-remapped-authorization": `Bearer ${data.token}` },
    };
  },
});
