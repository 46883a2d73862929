import { z } from "zod";
import { authenticate, BEARER_KINDS } from "#lib/auth/sessions/sessions.ts";
import { bearerToken } from "#lib/contracts/bearer.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { fields } from "#lib/contracts/fields.ts";
import { previewInvitation } from "#lib/mail/compose.ts";
import { envelope, flatContract, said } from "../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: flatContract,
  method: "GET",
  summary: "The invitation as it would be mailed in your name",
  credential: "bearer",
  input: fields({}),
  output: envelope(z.object({ template_mail: z.string() })),
  errors: ["session_invalid"],
  example: { input: {}, output: said("Invitation mail", { template_mail: "<!DOCTYPE html><html>...</html>" }) },
  async run({ request }) {
    const { account } = await authenticate({ accessToken: bearerToken(request), kinds: BEARER_KINDS });
    return { body: said("Invitation mail", { template_mail: await previewInvitation(account) }) };
  },
});
