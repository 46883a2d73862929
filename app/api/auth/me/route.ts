import { AUTHENTICATE_REFUSALS } from "#lib/auth/sessions/sessions.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { fields } from "#lib/contracts/fields.ts";
import { account, authContract, presentAccount } from "../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: authContract,
  method: "GET",
  summary: "Who the access token speaks for",
  credential: "bearer",
  input: fields({}),
  output: account,
  refusals: { session_invalid: { status: 401, message: "Session expired or token is not valid" } },
  errors: AUTHENTICATE_REFUSALS,
  example: {
    input: {},
    output: {
      id: 25,
      sub: EXAMPLE.sub,
      email: EXAMPLE.email,
      username: EXAMPLE.username,
      firstName: "Ada",
      lastName: "Example",
      phoneNumber: "",
      createdAt: "2026-05-24T17:33:41.470Z",
    },
  },
  async run({ caller }) {
    return { body: presentAccount(caller.account) };
  },
});
