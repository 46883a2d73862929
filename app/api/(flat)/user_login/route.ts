import { z } from "zod";
import { logIn } from "#lib/auth/factors/password/log-in.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { fields, givenPassword, identifier } from "#lib/contracts/fields.ts";
import { mailLink } from "#lib/contracts/redirect-url.ts";
import { env } from "#lib/env.ts";
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
  errors: ["account_not_found", "wrong_password", "email_unverified", "account_blocked", "too_many_tries", "busy"],
  example: {
    input: { username: EXAMPLE.username, password: EXAMPLE.password },
    output: said("Login successful", { ...exampleCredentials, refresh_token: EXAMPLE.refreshToken }),
  },
  async run({ input, client }) {
    const link = mailLink(undefined, "/verify-email");
    const opened = await logIn({
      identifier: input.username,
      password: input.password,
      link,
      client,
      kind: "flat",
      hidesUnproved: env().HIDE_ACCOUNTS,
    });
    const { data, refreshToken, caveat } = await presentCredentials(opened);
    return {
      body: said(`Login successful${caveat}`, { ...data, refresh_token: refreshToken }),
      headers: { "x-amzn-remapped-authorization": `Bearer ${data.token}` },
    };
  },
});
