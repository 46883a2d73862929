/** A mail as it goes out. The same outbox row with the same stamp gives the same mail, byte for byte. */
export type Mail = {
  /** Number of the outbox row. */
  id: string;
  /** The moment it is written for, in ms: its lifetimes count from then. */
  stamp: number;
  to: string;
  subject: string;
  html: string;
  text: string;
  /** What the mail's button leads to, and the code beside it; null for a mail that proves nothing. */
  link: string | null;
  code: string | null;
  /** For a mail nobody asked for: what a mail program's own "unsubscribe" posts to, without a question (RFC 8058). */
  oneClickStop?: string | undefined;
};

/** The headers a mail has beside those every mail has. */
export function headersOf({ oneClickStop }: Pick<Mail, "oneClickStop">): Record<string, string> {
  return {
    // Nothing says that this mail asks for an answer from a holiday responder (RFC 3834).
    "Auto-Submitted": "auto-generated",
    ...(oneClickStop && {
      "List-Unsubscribe": `<${oneClickStop}>`,
      "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }),
  };
}

/** What tells a second delivery of the same mail from another mail. */
export const idempotencyKey = (mail: Mail): string => `${mail.id}/${mail.stamp}`;
