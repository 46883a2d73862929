import { LINK_REFUSALS } from "#lib/auth/errors.ts";
import { verifyEmailByLink } from "#lib/auth/proofs/verify-email.ts";
import { openSession } from "#lib/auth/sessions/open-session.ts";
import { issueTokens } from "#lib/auth/tokens/tokens.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { fields, token } from "#lib/contracts/fields.ts";
import { authContract, tokenPair } from "../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: authContract,
  method: "POST",
  summary: "Confirm an e-mail address with the mailed link's token",
  sources: ["json", "form", "query"],
  input: fields({ authToken: token }),
  output: tokenPair,
  errors: [...LINK_REFUSALS, "account_blocked", "session_invalid"],
  example: {
    input: { authToken: EXAMPLE.authToken },
    output: { accessToken: EXAMPLE.accessToken, refreshToken: EXAMPLE.refreshToken },
  },
  async run({ input, client }) {
    const account = await verifyEmailByLink({ token: input.authToken });
    const session = await openSession({ account, proof: "mail", kind: "auth", client });
    const { accessToken, refreshToken } = await issueTokens({ account, session });
    return { body: { accessToken, refreshToken } };
  },
});
