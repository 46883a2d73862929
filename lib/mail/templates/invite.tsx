/** @jsxImportSource react */
import { Aside, Exactly, type Letter, MainLink, Paragraph, Sheet, TextLink } from "./letter.tsx";
import { dateInWords } from "./times.ts";

/** The preview on our page shows it beside the mail. */
export const inviteSubject = (inviter: string): string => `${inviter} invites you to Latchkey`;

/**
 * Somebody who has an account invites. Only their proved address stands for them: a name is whatever its owner typed, and
 * here it would reach people who never asked for mail.
 */
export function invite({
  inviter,
  link,
  refuseLink,
  linkExpiresAt,
}: {
  inviter: string;
  link: string;
  /** Our own page that keeps further invitations away. */
  refuseLink: string;
  linkExpiresAt: number;
}): Letter {
  const subject = inviteSubject(inviter);
  return {
    subject,
    body: (
      <Sheet
        subject={subject}
        preheader="Choose a password, and your account is ready."
        heading="You are invited"
        why="You are getting this mail because someone invited this address."
      >
        <Paragraph>
          <Exactly>{inviter}</Exactly> invites you to create a Latchkey account with this address. Choose a password,
          and it is ready.
        </Paragraph>
        <MainLink href={link}>Accept the invitation</MainLink>
        <Paragraph>The link works until {dateInWords(linkExpiresAt)}.</Paragraph>
        <Aside>
          You don’t know them, or don’t want an account? Then there is nothing to do.{" "}
          <TextLink href={refuseLink}>Do not mail me again</TextLink>
        </Aside>
      </Sheet>
    ),
  };
}
