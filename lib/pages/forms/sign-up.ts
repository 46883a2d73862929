import * as z from "zod/mini";
import { email, newPassword } from "./values.ts";

export const signUpForm = z.object({ email, password: newPassword });
