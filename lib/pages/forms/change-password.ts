import * as z from "zod/mini";
import { givenPassword, newPassword } from "./values.ts";

export const changePasswordForm = z.object({ currentPassword: givenPassword, newPassword });
