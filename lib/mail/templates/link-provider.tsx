/** @jsxImportSource react */
import { Aside, Exactly, type Letter, MainLink, Paragraph, Sheet } from "./letter.tsx";
import { dateInWords } from "./times.ts";

/** Asks the owner whether somebody at Google may open the account: no address alone makes it theirs. */
export function linkProvider({
  address,
  link,
  linkExpiresAt,
}: {
  address: string;
  link: string;
  /** ms */
  linkExpiresAt: number;
}): Letter {
  const subject = "May Google open your Latchkey account?";
  return {
    subject,
    body: (
      <Sheet
        subject={subject}
        preheader="If this was not you, there is nothing to do."
        heading="May Google open your account?"
        why="You are getting this mail because this is the address of the account. Nobody can link Google to it without you."
      >
        <Paragraph>
          Somebody tried to log in to the Latchkey account of <Exactly>{address}</Exactly> with a Google account that
          names this address. It opens nothing yet.
        </Paragraph>
        <MainLink href={link}>Look at it and decide</MainLink>
        <Paragraph>The link works until {dateInWords(linkExpiresAt)}, once.</Paragraph>
        <Aside>Wasn’t you? Then do nothing: without your yes, it opens nothing.</Aside>
      </Sheet>
    ),
  };
}
