/** @jsxImportSource react */
import { Aside, Exactly, type Letter, MainLink, Paragraph, Sheet, TextLink } from "./letter.tsx";
import { dateInWords } from "./times.ts";

/** A notice to the owner: somebody is in, from where nobody was before. */
export function newLogIn({
  address,
  device,
  at,
  activityLink,
  resetLink,
}: {
  address: string;
  /** As the device called itself; null where its session is gone already. */
  device: string | null;
  /** ms */
  at: number;
  activityLink: string;
  resetLink: string;
}): Letter {
  const subject = "New log-in to your Latchkey account";
  return {
    subject,
    body: (
      <Sheet
        subject={subject}
        preheader="If this was you, there is nothing to do."
        heading="Someone logged in to your account"
        why="You are getting this mail because this is the address of the account. We tell you, once a day at most, when someone logs in from a browser and a network we have not seen before."
      >
        <Paragraph>
          On {dateInWords(at)} someone logged in to the Latchkey account of <Exactly>{address}</Exactly>
          {device !== null && (
            <>
              {" "}
              with <Exactly>{device}</Exactly>
            </>
          )}
          . Neither that browser nor that network was used for it before.
        </Paragraph>
        <Paragraph>If this was you, there is nothing to do.</Paragraph>
        <MainLink href={activityLink}>See what happened in your account</MainLink>
        <Aside>
          Wasn’t you? <TextLink href={resetLink}>Choose a new password here</TextLink>. That logs out everyone else.
        </Aside>
      </Sheet>
    ),
  };
}
