import * as z from "zod/mini";

const MOST = 300;

/** It stands in lists beside what strangers wrote, and is read by others: nothing may turn the text round or hide in it. */
const why = z.string("Say why.").check(
  z.overwrite((text) => text.normalize("NFC").replace(/\s+/g, " ").trim()),
  z.minLength(1, { error: "Say why.", abort: true }),
  z.maxLength(MOST, `This is too long: it can have at most ${MOST} characters.`),
  z.regex(/^[^\p{C}\p{Default_Ignorable_Code_Point}]*$/u, "This contains a character that is not allowed."),
);

/** How long a block lasts, in days, and which role somebody gets. Chosen, not typed: anything else no form of ours sends. */
export const UNTIL = {
  unblocked: "Until somebody unblocks it",
  "1": "For a day",
  "7": "For 7 days",
  "30": "For 30 days",
};
export const ROLE_CHOICES = { support: "Support", admin: "Admin", none: "None" };

/** What an operator does to an account or a mail. */
export const actForm = z.object({
  why,
  until: z.optional(z.enum(["unblocked", "1", "7", "30"])),
  role: z.optional(z.enum(["support", "admin", "none"])),
});
