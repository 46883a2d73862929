/** @jsxImportSource react */
import { Aside, Exactly, type Letter, MainLink, Paragraph, Sheet } from "./letter.tsx";
import { dateInWords } from "./times.ts";

/**
 * A notice to the old address, whose reader may not be the one who changed it. It does not name the new one: the old mailbox may
 * be in a stranger's hands.
 */
export function addressChanged({
  address,
  at,
  link,
  linkExpiresAt,
}: {
  address: string;
  /** ms */
  at: number;
  link: string;
  /** ms */
  linkExpiresAt: number;
}): Letter {
  const subject = "The e-mail address of your Latchkey account was changed";
  return {
    subject,
    body: (
      <Sheet
        subject={subject}
        preheader="If this was you, there is nothing to do. If not, you can put this address back."
        heading="Your e-mail address was changed"
        why="You are getting this mail because this was the address of the account. We always tell you when it changes."
      >
        <Paragraph>
          The e-mail address of the Latchkey account of <Exactly>{address}</Exactly> was changed on {dateInWords(at)}.
          Log-ins with this address no longer work, and mail about the account goes to the new one.
        </Paragraph>
        <Paragraph>If this was you, there is nothing to do.</Paragraph>
        <Paragraph>
          Wasn’t you? Then put this address back. That logs out everyone who is logged in to the account, and you choose
          a new password.
        </Paragraph>
        <MainLink href={link}>Put this address back</MainLink>
        <Paragraph>The link works until {dateInWords(linkExpiresAt)}, once.</Paragraph>
        <Aside>Never give the link to anyone, whoever asks.</Aside>
      </Sheet>
    ),
  };
}
