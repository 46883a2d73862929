import * as z from "zod/mini";
import { code } from "./values.ts";

export const verifyCodeForm = z.object({ code });
