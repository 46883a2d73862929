/** @jsxImportSource react */
import { Aside, Exactly, type Letter, MainLink, Paragraph, Sheet, TextLink } from "./letter.tsx";

/**
 * For a sign-up with an address that has an account, or somebody who wants it for theirs: the page tells the stranger nothing, the
 * mail tells the owner.
 */
export function accountExists({
  address,
  isOfChange,
  logInLink,
  resetLink,
}: {
  address: string;
  /** Somebody who has an account wants this address for it. */
  isOfChange: boolean;
  logInLink: string;
  resetLink: string;
}): Letter {
  const subject = "You already have a Latchkey account";
  return {
    subject,
    body: (
      <Sheet
        subject={subject}
        preheader={
          isOfChange
            ? "Someone tried to use your address for another account. Nothing was changed."
            : "Someone tried to sign up with your address. Log in with the account you have."
        }
        heading="You already have an account"
        why={
          isOfChange
            ? "You are getting this mail because someone gave this address as the new one of their account."
            : "You are getting this mail because this address was given on our sign-up page."
        }
      >
        {isOfChange ? (
          <Paragraph>
            Someone, probably you, tried to make <Exactly>{address}</Exactly> the address of another Latchkey account.
            There is already an account with this address, so nothing was changed.
          </Paragraph>
        ) : (
          <Paragraph>
            Someone, probably you, tried to sign up for Latchkey with <Exactly>{address}</Exactly>. There is already an
            account with this address, so no new one was created and nothing was changed.
          </Paragraph>
        )}
        <MainLink href={logInLink}>Log in</MainLink>
        <Paragraph>
          Forgot your password? <TextLink href={resetLink}>Choose a new one</TextLink>
        </Paragraph>
        <Aside>Wasn’t you? Then there is nothing to do. The person who tried learned nothing about your account.</Aside>
      </Sheet>
    ),
  };
}
