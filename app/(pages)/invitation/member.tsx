import { PageTitle } from "#components/page-title.tsx";
import { SwitchPerson } from "./switch-person.tsx";

/** The address invited has its account. `here`: the address of whoever is logged in in this browser. */
export function Member({
  email,
  token,
  here,
  isAccepted,
}: {
  email: string;
  token: string;
  here: string | undefined;
  isAccepted: boolean;
}) {
  const title = isAccepted ? "Already accepted" : "You already have an account";
  return (
    <>
      <PageTitle title={title} />
      <h1>{title}</h1>
      <p>
        {isAccepted ? "This invitation has been accepted, and " : "There is nothing to accept: "}
        <b className="address">{email}</b> has an account.
      </p>
      {here === undefined ? (
        <>
          <p>
            <a className="button primary" href="/login">
              Log in
            </a>
          </p>
          <p className="ways">
            <a href="/forgot-password">Forgot your password?</a>
          </p>
        </>
      ) : here === email ? (
        <p>
          <a className="button primary" href="/account">
            Go to your account
          </a>
        </p>
      ) : (
        <SwitchPerson here={here} token={token} submit="Log out and switch account" />
      )}
    </>
  );
}
