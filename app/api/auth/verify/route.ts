import { VERIFY_BY_LINK_REFUSALS, verifyEmailByLink } from "#lib/auth/proofs/verify-email.ts";
import { OPEN_SESSION_REFUSALS, openSession } from "#lib/auth/sessions/open-session.ts";
import { issueTokens } from "#lib/auth/tokens/tokens.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { fields, token } from "#lib/contracts/fields.ts";
import { DOORS } from "#lib/doors.ts";
import { authContract, tokenPair } from "../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: authContract,
  method: "POST",
  summary: "Confirm an e-mail address with the mailed link's token",
  sources: ["json", "form", "query"],
  input: fields({ authToken: token }),
  output: tokenPair,
  errors: [...VERIFY_BY_LINK_REFUSALS, ...OPEN_SESSION_REFUSALS],
  example: {
    input: { authToken: EXAMPLE.authToken },
    output: { accessToken: EXAMPLE.accessToken, refreshToken: EXAMPLE.refreshToken },
  },
  async run({ input, client, otp }) {
    const account = await verifyEmailByLink({ token: input.authToken });
    const session = await openSession({ account, proof: "mail", door: DOORS.auth, client, code: otp });
    const { accessToken, refreshToken } = await issueTokens({ account, session });
    return { body: { accessToken, refreshToken } };
  },
});
