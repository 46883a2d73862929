import * as z from "zod/mini";
import { newPassword } from "./values.ts";

/** The address is the link's to say, whatever a form posts. */
export const acceptInvitationForm = z.object({ password: newPassword });
