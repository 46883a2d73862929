import { LOG_OUT_REFUSALS, logOut } from "#lib/auth/sessions/refresh.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { fields, token } from "#lib/contracts/fields.ts";
import { DOORS } from "#lib/doors.ts";
import { authContract, onlyMessage } from "../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: authContract,
  method: "POST",
  summary: "End the session of a refresh token",
  input: fields({ refreshToken: token }),
  output: onlyMessage,
  errors: LOG_OUT_REFUSALS,
  example: { input: { refreshToken: EXAMPLE.refreshToken }, output: { message: "Logged out" } },
  async run({ input }) {
    await logOut({ refreshToken: input.refreshToken, door: DOORS.auth });
    return { body: { message: "Logged out" } };
  },
});
