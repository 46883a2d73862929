import * as z from "zod/mini";
import { email, givenPassword } from "./values.ts";

export const logInForm = z.object({ email, password: givenPassword });
