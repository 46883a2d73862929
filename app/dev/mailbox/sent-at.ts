import type { KeptMail } from "#lib/mail/mailbox.ts";

const format = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

/** In this machine's time zone, since whoever reads it sits here. */
export const sentAt = (mail: KeptMail): string => format.format(new Date(mail.sentAt));
