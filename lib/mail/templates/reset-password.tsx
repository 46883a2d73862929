/** @jsxImportSource react */
import { Aside, Code, Exactly, type Letter, MainLink, Paragraph, Sheet } from "./letter.tsx";
import { inWords, type Lifetimes } from "./times.ts";

export function resetPassword({
  address,
  username,
  link,
  code,
  ...lifetimes
}: {
  address: string;
  username: string | null;
  link: string;
  code: string;
} & Lifetimes): Letter {
  const subject = "Reset your Latchkey password";
  const times = inWords(lifetimes);
  return {
    subject,
    body: (
      <Sheet
        subject={subject}
        preheader="Choose a new password with the link or the code from this mail."
        heading="Choose a new password"
        why="You are getting this mail because someone asked for a new password with this address."
      >
        <Paragraph>
          Someone asked for a new password for the Latchkey account of <Exactly>{address}</Exactly>
          {username && (
            <>
              {" "}
              with the username <Exactly>{username}</Exactly>
            </>
          )}
          .
        </Paragraph>
        <MainLink href={link}>Choose a new password</MainLink>
        <Paragraph>Or type this code where you asked for it:</Paragraph>
        <Code>{code}</Code>
        <Paragraph>{times}</Paragraph>
        <Aside>
          Wasn’t you? Then there is nothing to do: your password stays as it is. Never give the link or the code to
          anyone, whoever asks.
        </Aside>
      </Sheet>
    ),
  };
}
