import * as z from "zod/mini";
import { code, newPassword } from "./values.ts";

export const resetByLinkForm = z.object({ password: newPassword });
export const resetByCodeForm = z.object({ code, password: newPassword });
