/** @jsxImportSource react */
import { Aside, Exactly, type Letter, MainLink, Paragraph, Sheet } from "./letter.tsx";
import { dateInWords } from "./times.ts";

/** A notice to the address that an account has no longer, because somebody at the one before it took it back. */
export function addressChangeUndone({
  address,
  at,
  logInLink,
}: {
  address: string;
  /** ms */
  at: number;
  logInLink: string;
}): Letter {
  const subject = "Your Latchkey account has its old e-mail address again";
  return {
    subject,
    body: (
      <Sheet
        subject={subject}
        preheader="Someone who reads mail at the old address undid the change."
        heading="The change of your e-mail address was undone"
        why="You are getting this mail because this was the address of the account. We always tell you when it changes."
      >
        <Paragraph>
          On {dateInWords(at)}, someone put back the old e-mail address of the Latchkey account of{" "}
          <Exactly>{address}</Exactly>, with the link we sent to the old address. Everyone was logged out, and a new
          password is needed.
        </Paragraph>
        <Paragraph>If this was you, there is nothing to do.</Paragraph>
        <MainLink href={logInLink}>Log in</MainLink>
        <Aside>
          Wasn’t you? Then someone else reads mail at the old address. Secure that mailbox first, then choose a new
          password with it. If you cannot, ask the people who run this site.
        </Aside>
      </Sheet>
    ),
  };
}
