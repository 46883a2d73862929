import * as z from "zod/mini";
import { email } from "./values.ts";

export const inviteForm = z.object({ email });
