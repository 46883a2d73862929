/** @jsxImportSource react */
import { Aside, Code, Exactly, type Letter, MainLink, Paragraph, Sheet, TextLink } from "./letter.tsx";
import { inWords, type Lifetimes } from "./times.ts";

/** Names exactly what is being confirmed, since a stranger may have signed up with somebody else's address. */
export function verifyEmail({
  address,
  username,
  link,
  code,
  disownLink,
  ...lifetimes
}: {
  address: string;
  username: string | null;
  link: string;
  code: string;
  /** Our own page for the same token, whatever site `link` leads to: it offers to delete the account. */
  disownLink: string;
} & Lifetimes): Letter {
  const subject = "Confirm your e-mail address for Latchkey";
  const times = inWords(lifetimes);
  return {
    subject,
    body: (
      <Sheet
        subject={subject}
        preheader="One step is left: open the link or type the code from this mail."
        heading="Confirm your e-mail address"
        why="You are getting this mail because this address was given when a Latchkey account was created."
      >
        <Paragraph>
          A Latchkey account was created with the address <Exactly>{address}</Exactly>
          {username && (
            <>
              {" "}
              and the username <Exactly>{username}</Exactly>
            </>
          )}
          . If that was you, confirm that the address is yours.
        </Paragraph>
        <MainLink href={link}>Confirm this address</MainLink>
        <Paragraph>Or type this code where you signed up:</Paragraph>
        <Code>{code}</Code>
        <Paragraph>{times}</Paragraph>
        <Aside>
          Wasn’t you? Nobody can use the account unless you confirm it.{" "}
          <TextLink href={disownLink}>This wasn’t me, delete the account</TextLink>
        </Aside>
      </Sheet>
    ),
  };
}
