import * as z from "zod/mini";
import { hasHiddenCharacters, normalizeName, PROFILE_LENGTH, phonePattern, usernamePattern } from "#lib/identifiers.ts";

/** What the contracts take at a sign-up (lib/contracts/fields.ts), in words for people; all of it may be left empty. */

const name = z.string().check(
  z.maxLength(PROFILE_LENGTH.name, `A name can have at most ${PROFILE_LENGTH.name} characters.`),
  z.overwrite(normalizeName),
  z.refine((text) => !hasHiddenCharacters(text), "This name contains a character that is not allowed."),
);

const username = z.string().check(
  z.overwrite((text) => text.trim()),
  z.refine(
    (text) => text === "" || usernamePattern.test(text),
    "A username is 3 to 64 letters, digits, dots, underscores or hyphens.",
  ),
);

const phoneNumber = z.string().check(
  z.maxLength(PROFILE_LENGTH.phone, `A phone number can have at most ${PROFILE_LENGTH.phone} characters.`),
  z.overwrite((text) => text.trim()),
  z.refine((text) => phonePattern.test(text), "A phone number is digits, spaces and + ( ) . / - only."),
);

export const profileForm = z.object({ firstName: name, lastName: name, chosenUsername: username, phoneNumber });
