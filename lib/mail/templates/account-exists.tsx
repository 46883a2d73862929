/** @jsxImportSource react */
import { Aside, Exactly, type Letter, MainLink, Paragraph, Sheet, TextLink } from "./letter.tsx";

/** For a sign-up with an address that has an account: the page tells the stranger nothing, the mail tells the owner. */
export function accountExists({
  address,
  logInLink,
  resetLink,
}: {
  address: string;
  logInLink: string;
  resetLink: string;
}): Letter {
  const subject = "You already have a Latchkey account";
  return {
    subject,
    body: (
      <Sheet
        subject={subject}
        preheader="Someone tried to sign up with your address. Log in with the account you have."
        heading="You already have an account"
        why="You are getting this mail because this address was given on our sign-up page."
      >
        <Paragraph>
          Someone, probably you, tried to sign up for Latchkey with <Exactly>{address}</Exactly>. There is already an
          account with this address, so no new one was created and nothing was changed.
        </Paragraph>
        <MainLink href={logInLink}>Log in</MainLink>
        <Paragraph>
          Forgot your password? <TextLink href={resetLink}>Choose a new one</TextLink>
        </Paragraph>
        <Aside>Wasn’t you? Then there is nothing to do. The person who tried learned nothing about your account.</Aside>
      </Sheet>
    ),
  };
}
