/** @jsxImportSource react */
import { Aside, Code, Exactly, type Letter, MainLink, Paragraph, Sheet } from "./letter.tsx";
import { inWords, type Lifetimes } from "./times.ts";

/** To a new address: it may be mistyped, so it tells its reader nothing of the account. */
export function changeEmail({
  address,
  link,
  code,
  ...lifetimes
}: {
  address: string;
  link: string;
  code: string;
} & Lifetimes): Letter {
  const subject = "Confirm your new e-mail address for Latchkey";
  const times = inWords(lifetimes);
  return {
    subject,
    body: (
      <Sheet
        subject={subject}
        preheader="Your address changes when you open the link or type the code from this mail."
        heading="Confirm your new e-mail address"
        why="You are getting this mail because someone gave this address as the new one of their Latchkey account."
      >
        <Paragraph>
          Someone wants <Exactly>{address}</Exactly> to be the e-mail address of their Latchkey account. If that was
          you, confirm that the address is yours.
        </Paragraph>
        <MainLink href={link}>Confirm this address</MainLink>
        <Paragraph>Or type this code where you asked for the change:</Paragraph>
        <Code>{code}</Code>
        <Paragraph>{times}</Paragraph>
        <Paragraph>Where you are not logged in to the account, the link asks you to log in first.</Paragraph>
        <Aside>
          Wasn’t you? Then there is nothing to do: nothing changes without you. Never give the link or the code to
          anyone, whoever asks.
        </Aside>
      </Sheet>
    ),
  };
}
