import * as z from "zod/mini";
import { PASSWORD_LENGTH, passwordLength } from "#lib/auth/factors/password/rules.ts";
import { isAddress, normalizeEmail } from "#lib/identifiers.ts";

/** What may be typed into each kind of field. The browser and the server action judge by the same schema. */

/** Folded first, so that what passes is what the store compares. */
export const email = z
  .string("Enter your e-mail address.")
  .check(
    z.overwrite(normalizeEmail),
    z.minLength(1, { error: "Enter your e-mail address.", abort: true }),
    z.refine(isAddress, "Enter an e-mail address like name@example.com."),
  );

/** Nobody types it, and many programs take it for the end of a text. */
const noNul = z.refine((text) => typeof text === "string" && !text.includes("\0"), {
  error: "This contains a character that is not allowed.",
  abort: true,
});

/** A password being chosen. Length is all that is asked of it here; the list of common ones is the server's. */
export const newPassword = z.string("Choose a password.").check(
  z.minLength(1, { error: "Choose a password.", abort: true }),
  noNul,
  z.refine((password) => passwordLength(password) >= PASSWORD_LENGTH.min, {
    error: `This password is too short: it needs at least ${PASSWORD_LENGTH.min} characters.`,
    abort: true,
  }),
  z.refine(
    (password) => passwordLength(password) <= PASSWORD_LENGTH.max,
    `This password is too long: it can have at most ${PASSWORD_LENGTH.max} characters.`,
  ),
);

/** A password being checked: one that could never have been chosen is simply wrong. */
export const givenPassword = z.string("Enter your password.").check(
  z.minLength(1, { error: "Enter your password.", abort: true }),
  noNul,
  // More than any password has; the rest would only be work.
  z.maxLength(4 * PASSWORD_LENGTH.max, "This is too long for a password. Did you paste something else?"),
);

/** Six digits however they were pasted: `123 456`, `123-456` and full-width digits are the same code. */
export const code = z.string("Enter the code from the mail.").check(
  z.overwrite((text) => text.normalize("NFKC").replace(/[\s\u200b\p{Pd}]/gu, "")),
  z.minLength(1, { error: "Enter the code from the mail.", abort: true }),
  z.regex(/^\d{6}$/, "The code is six digits, like 123 456."),
);

const NAME_LENGTH = 60;

/** What somebody calls a thing of theirs. It stands in a list beside buttons: nothing may turn the text round or hide in it. */
export const ownName = z.string("Enter a name.").check(
  z.overwrite((text) => text.normalize("NFC").trim()),
  z.minLength(1, { error: "Enter a name.", abort: true }),
  z.maxLength(NAME_LENGTH, `A name can have at most ${NAME_LENGTH} characters.`),
  z.regex(/^[^\p{C}\p{Default_Ignorable_Code_Point}]*$/u, "This name contains a character that is not allowed."),
);
