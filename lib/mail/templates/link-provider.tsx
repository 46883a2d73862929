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
  const subject = "Allow log-in with Google for your Latchkey account?";
  return {
    subject,
    body: (
      <Sheet
        subject={subject}
        preheader="If this was not you, there is nothing to do."
        heading="Allow log-in with Google?"
        why="You are getting this mail because this is the address of the account. Nobody can link Google to it without you."
      >
        <Paragraph>
          Someone tried to log in to the Latchkey account of <Exactly>{address}</Exactly> with a Google account. That
          does not work unless you allow it.
        </Paragraph>
        <MainLink href={link}>Review the request</MainLink>
        <Paragraph>The link works until {dateInWords(linkExpiresAt)}, once.</Paragraph>
        <Aside>Wasn’t you? Then do nothing. Unless you allow it, that Google account cannot log in.</Aside>
      </Sheet>
    ),
  };
}
