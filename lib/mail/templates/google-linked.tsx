/** @jsxImportSource react */
import { Aside, Exactly, type Letter, MainLink, Paragraph, Sheet, TextLink } from "./letter.tsx";
import { dateInWords } from "./times.ts";

/** A notice to the owner: there is a new way into the account. */
export function googleLinked({
  address,
  linkedAt,
  accountLink,
  resetLink,
}: {
  address: string;
  /** ms */
  linkedAt: number;
  accountLink: string;
  resetLink: string;
}): Letter {
  const subject = "Google was linked to your Latchkey account";
  return {
    subject,
    body: (
      <Sheet
        subject={subject}
        preheader="If this was you, there is nothing to do."
        heading="You can now log in with Google"
        why="You are getting this mail because this is the address of the account. We always tell you when there is a new way to log in."
      >
        <Paragraph>
          Someone logged in to the Latchkey account of <Exactly>{address}</Exactly> with Google on{" "}
          {dateInWords(linkedAt)}, with a Google account of the same address. From now on you can log in with it, as
          well as with your password.
        </Paragraph>
        <Paragraph>If this was you, there is nothing to do. You can undo it on your account page.</Paragraph>
        <MainLink href={accountLink}>Go to your account</MainLink>
        <Aside>
          Wasn’t you? Remove the link on your account page, change the password of your Google account, and{" "}
          <TextLink href={resetLink}>choose a new password here</TextLink>.
        </Aside>
      </Sheet>
    ),
  };
}
