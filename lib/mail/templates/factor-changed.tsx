/** @jsxImportSource react */
import { Aside, Exactly, type Letter, MainLink, Paragraph, Sheet, TextLink } from "./letter.tsx";
import { dateInWords } from "./times.ts";

type Words = { subject: string; heading: string; told: string };

/** By what the row of the mail says (`FactorChange` of the core). */
const WORDS: Record<string, Words> = {
  "authenticator-added": {
    subject: "An app for codes was added to your Latchkey account",
    heading: "Logging in now needs a code",
    told: "an app that shows codes was added, and every log-in needs one of its codes from now on. All other devices were logged out.",
  },
  "authenticator-removed": {
    subject: "The app for codes was removed from your Latchkey account",
    heading: "Logging in no longer needs a code",
    told: "the app that shows codes was removed, with its recovery codes. Logging in needs no code any more.",
  },
  "recovery-codes-made": {
    subject: "New recovery codes for your Latchkey account",
    heading: "You have new recovery codes",
    told: "new recovery codes were made. The old ones no longer work.",
  },
  "recovery-code-used": {
    subject: "A recovery code of your Latchkey account was used",
    heading: "A recovery code was used",
    told: "someone used one of your recovery codes in place of a code from your app.",
  },
  "codes-refused": {
    subject: "Someone tried codes at your Latchkey account",
    heading: "Wrong codes, one after the other",
    told: "someone who got past your password, your mail or your Google account entered wrong codes until we stopped them. They are not in.",
  },
  "passkey-added": {
    subject: "A passkey was added to your Latchkey account",
    heading: "You can log in with a passkey",
    told: "a passkey was added, or switched on again. It opens the account by itself, without password and code.",
  },
  "passkey-removed": {
    subject: "A passkey was removed from your Latchkey account",
    heading: "A passkey was removed",
    told: "a passkey was removed. It no longer opens the account.",
  },
  "app-password-made": {
    subject: "An app password was made for your Latchkey account",
    heading: "There is a new app password",
    told: "an app password was made. A program can log in with it, without a code, until you remove it.",
  },
  "locked-out": {
    subject: "Everyone is logged out of your Latchkey account",
    heading: "Your password no longer works",
    told: "someone logged in to your account said that it was used by someone else. Everyone was logged out, and the password, passkeys, app passwords and log-in with Google no longer work. A new password, set by mail, opens the account again.",
  },
  "app-password-removed": {
    subject: "An app password of your Latchkey account was removed",
    heading: "An app password was removed",
    told: "an app password was removed. What was logged in with it is logged out.",
  },
};
const UNKNOWN: Words = {
  subject: "A change to how you log in to your Latchkey account",
  heading: "How you log in was changed",
  told: "something about how you log in was changed.",
};

/** A notice to the owner: what opens the account is not what it was. */
export function factorChanged({
  address,
  change,
  at,
  securityLink,
  resetLink,
}: {
  address: string;
  change: string;
  /** ms */
  at: number;
  securityLink: string;
  resetLink: string;
}): Letter {
  const { subject, heading, told } = WORDS[change] ?? UNKNOWN;
  return {
    subject,
    body: (
      <Sheet
        subject={subject}
        preheader="If this was you, there is nothing to do."
        heading={heading}
        why="You are getting this mail because this is the address of the account. We always tell you when there is a change to how you log in."
      >
        <Paragraph>
          On {dateInWords(at)}, {told} The account is that of <Exactly>{address}</Exactly>.
        </Paragraph>
        <Paragraph>If this was you, there is nothing to do.</Paragraph>
        <MainLink href={securityLink}>See how you log in</MainLink>
        <Aside>
          Wasn’t you? <TextLink href={resetLink}>Choose a new password here</TextLink>. That logs out everyone else.
        </Aside>
      </Sheet>
    ),
  };
}
