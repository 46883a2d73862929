import * as z from "zod/mini";
import { code, givenPassword, newPassword } from "./values.ts";

/** In the browser that made the sign-up. */
export const verifyCodeForm = z.object({ code });

/** In any other: with the password of the sign-up, or with a new one. */
export const verifyPasswordForm = z.object({ password: givenPassword });
export const claimByLinkForm = z.object({ password: newPassword });
export const claimByCodeForm = z.object({ code, password: newPassword });
