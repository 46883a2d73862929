import { REFRESH_REFUSALS, refresh } from "#lib/auth/sessions/refresh.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { fields, identifier, token } from "#lib/contracts/fields.ts";
import { DOORS } from "#lib/doors.ts";
import { credentialsData, envelope, exampleCredentials, flatContract, presentCredentials, said } from "../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: flatContract,
  method: "POST",
  summary: "Get a new access token",
  description:
    "The refresh token stays the same until its session ends, and works only for the account it was given to.",
  input: fields({ username: identifier, refresh_token: token }),
  output: envelope(credentialsData),
  errors: REFRESH_REFUSALS,
  example: {
    input: { username: EXAMPLE.username, refresh_token: EXAMPLE.refreshToken },
    output: said("Token refreshed", exampleCredentials),
  },
  async run({ input }) {
    const live = await refresh({ refreshToken: input.refresh_token, door: DOORS.flat, identifier: input.username });
    const { data, caveat } = await presentCredentials(live);
    return { body: said(`Token refreshed${caveat}`, data) };
  },
});
