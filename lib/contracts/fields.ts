import { z } from "zod";
import { PASSWORD_LENGTH, passwordLength } from "#lib/auth/factors/password/rules.ts";
import {
  hasHiddenCharacters,
  isAddress,
  normalizeEmail,
  normalizeName,
  PROFILE_LENGTH,
  phonePattern,
  usernamePattern,
} from "#lib/identifiers.ts";

/** The fields that several contracts share. A message continues a sentence that begins with the field's name. */

/** A string, told apart from a missing value. */
export const text = (max: number) =>
  z
    .string({ error: (issue) => (issue.input === undefined ? "is required" : "must be a string") })
    .max(max, `must be at most ${max} characters`)
    // Many programs take it for the end of a text: two that differ behind it would be one to them.
    .refine((value) => !value.includes("\0"), "must not contain a NUL character");

/** Folded before it is looked at, so that what passes is what the store compares. */
export const email = text(320)
  .transform(normalizeEmail)
  .refine(isAddress, "must be an e-mail address")
  .meta({ description: "An e-mail address; upper and lower case are the same", format: "email" });

/** For a password that is being chosen. */
export const newPassword = text(4 * PASSWORD_LENGTH.max)
  .refine(
    (password) => passwordLength(password) >= PASSWORD_LENGTH.min,
    `must be at least ${PASSWORD_LENGTH.min} characters`,
  )
  .refine(
    (password) => passwordLength(password) <= PASSWORD_LENGTH.max,
    `must be at most ${PASSWORD_LENGTH.max} characters`,
  )
  .meta({
    description: `${PASSWORD_LENGTH.min} to ${PASSWORD_LENGTH.max} characters of any kind; common ones are refused`,
    minLength: PASSWORD_LENGTH.min,
  });

/** For a password that is being checked: one that could never have been chosen is simply wrong. */
export const givenPassword = text(4 * PASSWORD_LENGTH.max)
  .min(1, "is required")
  .describe("The account's password");

export const newUsername = text(64)
  .regex(usernamePattern, "must be 3 to 64 of letters, digits, dot, underscore and hyphen")
  .describe("3 to 64 of letters, digits, dot, underscore and hyphen; upper and lower case are the same");

/** A person's name: anything that shows. Controls and formats turn a mail's subject round or hide in it. */
export const personName = text(PROFILE_LENGTH.name)
  .transform(normalizeName)
  .refine((value) => !hasHiddenCharacters(value), "must not contain control characters or ones that do not show")
  .describe("Anything but control characters and ones that do not show; may be empty");

/** As people write them. */
export const phoneNumber = text(PROFILE_LENGTH.phone)
  .transform((value) => value.trim())
  .refine((value) => phonePattern.test(value), "must be a phone number")
  .describe("As people write it: digits, spaces and + ( ) . / -; may be empty");

/** A username or an e-mail address. */
export const identifier = text(320)
  .transform((value) => value.trim())
  .refine((value) => value !== "", "is required")
  .describe("A username or an e-mail address");

/** A token in a body; what is in it, only its check can tell. */
export const token = text(4096).min(1, "is required");

/** A mailed code, with or without the space people read it with. */
export const code = text(32)
  .transform((value) => value.replace(/\s/g, ""))
  .refine((value) => value !== "", "is required")
  .describe("The six digits that were mailed; spaces are ignored");

/** An object of these fields; anything that is no object says so. Fields beyond these are ignored. */
export const fields = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.object(shape, { error: "The body must be a JSON object" });
