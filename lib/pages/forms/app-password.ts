import * as z from "zod/mini";

const NAME_LENGTH = 60;

export const appPasswordForm = z.object({
  name: z.string("Enter a name.").check(
    z.overwrite((text) => text.normalize("NFC").trim()),
    z.minLength(1, { error: "Enter a name.", abort: true }),
    z.maxLength(NAME_LENGTH, `A name can have at most ${NAME_LENGTH} characters.`),
    // It stands in a list beside buttons: nothing may turn the text round or hide in it.
    z.regex(/^[^\p{C}\p{Default_Ignorable_Code_Point}]*$/u, "This name contains a character that is not allowed."),
  ),
  door: z.optional(z.string()),
});
