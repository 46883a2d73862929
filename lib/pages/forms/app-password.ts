import * as z from "zod/mini";
import { ownName } from "./values.ts";

export const appPasswordForm = z.object({ name: ownName, door: z.optional(z.string()) });
