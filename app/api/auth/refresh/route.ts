import { REFRESH_REFUSALS, refresh } from "#lib/auth/sessions/refresh.ts";
import { issueTokens } from "#lib/auth/tokens/tokens.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { fields, token } from "#lib/contracts/fields.ts";
import { DOORS } from "#lib/doors.ts";
import { authContract, tokenPair } from "../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: authContract,
  method: "POST",
  summary: "Exchange a refresh token for a new pair",
  input: fields({ refreshToken: token }),
  output: tokenPair,
  errors: REFRESH_REFUSALS,
  example: {
    input: { refreshToken: EXAMPLE.refreshToken },
    output: { accessToken: EXAMPLE.accessToken, refreshToken: EXAMPLE.refreshToken },
  },
  async run({ input }) {
    const { accessToken, refreshToken } = await issueTokens(
      await refresh({ refreshToken: input.refreshToken, door: DOORS.auth }),
    );
    return { body: { accessToken, refreshToken } };
  },
});
