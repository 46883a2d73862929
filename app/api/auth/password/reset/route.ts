import { RESET_BY_LINK_REFUSALS, resetByLink } from "#lib/auth/proofs/reset-password.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { fields, newPassword, token } from "#lib/contracts/fields.ts";
import { authContract, onlyMessage } from "../../contract.ts";

const expired = { status: 403, message: "Failed! Unable to change password, Session Expired" };

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: authContract,
  method: "POST",
  hashes: "new-password",
  summary: "Set a new password with the mailed link's token",
  sources: ["json", "form", "query"],
  input: fields({ password: newPassword, authToken: token }),
  output: onlyMessage,
  refusals: { link_invalid: expired, link_expired: expired, link_used: expired, link_superseded: expired },
  errors: RESET_BY_LINK_REFUSALS,
  example: {
    input: { password: EXAMPLE.newPassword, authToken: EXAMPLE.authToken },
    output: { message: "Password has been changed successfully" },
  },
  async run({ input }) {
    await resetByLink({ token: input.authToken, password: input.password });
    return { body: { message: "Password has been changed successfully" } };
  },
});
