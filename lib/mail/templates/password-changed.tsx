/** @jsxImportSource react */
import { Aside, Exactly, type Letter, MainLink, Paragraph, Sheet } from "./letter.tsx";
import { dateInWords } from "./times.ts";

/** A notice to the owner, who may not be the one who changed it. */
export function passwordChanged({
  address,
  changedAt,
  resetLink,
}: {
  address: string;
  /** ms */
  changedAt: number;
  resetLink: string;
}): Letter {
  const subject = "Your Latchkey password was changed";
  return {
    subject,
    body: (
      <Sheet
        subject={subject}
        preheader="If this was you, there is nothing to do."
        heading="Your password was changed"
        why="You are getting this mail because this is the address of the account. We always tell you when its password changes."
      >
        <Paragraph>
          The password of the Latchkey account of <Exactly>{address}</Exactly> was changed on {dateInWords(changedAt)}.
        </Paragraph>
        <Paragraph>
          Every other browser and app that was logged in to the account has been logged out, and links and codes from
          earlier mails no longer work.
        </Paragraph>
        <Paragraph>If this was you, there is nothing to do.</Paragraph>
        <Paragraph>
          Wasn’t you? Then choose a new password now. That logs out the person who changed it. If someone else may have
          read this mail, choose a new password for your mailbox too.
        </Paragraph>
        <MainLink href={resetLink}>Choose a new password</MainLink>
        <Aside>The link leads to a page that asks for your address first.</Aside>
      </Sheet>
    ),
  };
}
