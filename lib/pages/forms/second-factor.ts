import * as z from "zod/mini";
import { givenPassword } from "./values.ts";

/** A code of the app, or a recovery code: which of them it is, and whether it is right, the server finds out. */
const otp = z.string("Enter a code.").check(
  z.overwrite((text) => text.normalize("NFKC").replace(/[\s\u200b\p{Pd}]/gu, "")),
  z.minLength(1, { error: "Enter a code.", abort: true }),
  z.regex(
    /^(\d{6}|[0-9A-Za-z]{10})$/,
    "A code is six digits, like 123 456. A recovery code is ten letters and digits.",
  ),
);

export const secondFactorForm = z.object({ otp });
export const confirmByPasswordForm = z.object({ password: givenPassword });
