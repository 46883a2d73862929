import { z } from "zod";
import { AUTHENTICATE_REFUSALS } from "#lib/auth/sessions/sessions.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { fields } from "#lib/contracts/fields.ts";
import { envelope, flatContract, said } from "../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: flatContract,
  method: "GET",
  summary: "The invitation as it would be mailed in your name",
  credential: "bearer",
  input: fields({}),
  output: envelope(z.object({ template_mail: z.string() })),
  errors: AUTHENTICATE_REFUSALS,
  example: { input: {}, output: said("Invitation mail", { template_mail: "<!DOCTYPE html><html>...</html>" }) },
  // The mail's templates are JSX, which Node does not read by itself.
  throughNext: ["GET", "HEAD"],
  async run({ caller }) {
    const { previewInvitation } = await import("#lib/mail/compose.ts");
    return { body: said("Invitation mail", { template_mail: await previewInvitation(caller.account) }) };
  },
});
