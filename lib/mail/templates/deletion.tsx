/** @jsxImportSource react */
import type { ReactNode } from "react";
import { Aside, Exactly, type Letter, MainLink, Paragraph, Sheet, TextLink } from "./letter.tsx";
import { dateInWords } from "./times.ts";

export type DeletionLetter = {
  address: string;
  /** ms */
  at: number;
  /** Until when its owner can change their mind, in ms. */
  until: number;
  logInLink: string;
  resetLink: string;
  signUpLink: string;
};

/** A notice at each step of a deletion. What is said of the first is also what is said where the row names no step. */
export const deletion = (step: string | null, of: DeletionLetter): Letter =>
  step === "cancelled"
    ? cancelled(of)
    : step === "done"
      ? done(of, "It was asked for seven days ago, and cannot be undone.")
      : step === "by-operator"
        ? done(of, "The people who run this site did it, and it cannot be undone. Ask them why.")
        : requested(of);

function requested({ address, at, until, logInLink, resetLink }: DeletionLetter): Letter {
  return letter({
    subject: "Your Latchkey account will be deleted",
    heading: "Your account will be deleted",
    preheader: "To keep it, log in within seven days.",
    children: (
      <>
        <Paragraph>
          On {dateInWords(at)} someone who was logged in asked to delete the Latchkey account of{" "}
          <Exactly>{address}</Exactly>. Everyone has been logged out of it.
        </Paragraph>
        <Paragraph>It will be deleted after {dateInWords(until)}. To keep it, log in before then.</Paragraph>
        <MainLink href={logInLink}>Log in to keep the account</MainLink>
        <Aside>
          Wasn’t you? <TextLink href={resetLink}>Choose a new password here</TextLink>. That keeps the account too, once
          you are logged in.
        </Aside>
      </>
    ),
  });
}

function cancelled({ address, at, resetLink }: DeletionLetter): Letter {
  return letter({
    subject: "Your Latchkey account stays",
    heading: "Your account will not be deleted",
    preheader: "Someone logged in to it.",
    children: (
      <>
        <Paragraph>
          On {dateInWords(at)} someone logged in to the Latchkey account of <Exactly>{address}</Exactly>, which was to
          be deleted. So it stays, and everything in it is as it was.
        </Paragraph>
        <Paragraph>
          If you still want it deleted, ask for it again on your account’s page. A program that logs in with your
          password may have done this: log it out first.
        </Paragraph>
        <Aside>
          Wasn’t you? <TextLink href={resetLink}>Choose a new password here</TextLink>. That logs out everyone else.
        </Aside>
      </>
    ),
  });
}

function done({ address, at, signUpLink }: DeletionLetter, why: string): Letter {
  return letter({
    subject: "Your Latchkey account is deleted",
    heading: "Your account is deleted",
    preheader: "This is the last mail about it.",
    children: (
      <>
        <Paragraph>
          The Latchkey account of <Exactly>{address}</Exactly> was deleted on {dateInWords(at)}, with all that was in
          it. This is the last mail about it.
        </Paragraph>
        <Aside>
          Wasn’t you? {why} <TextLink href={signUpLink}>You can sign up again here</TextLink>.
        </Aside>
      </>
    ),
  });
}

type Said = { subject: string; heading: string; preheader: string; children: ReactNode };

const letter = ({ subject, heading, preheader, children }: Said): Letter => ({
  subject,
  body: (
    <Sheet
      subject={subject}
      preheader={preheader}
      heading={heading}
      why="You are getting this mail because this is the address of the account. We tell you at each step of its deletion."
    >
      {children}
    </Sheet>
  ),
});
