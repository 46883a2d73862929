import { PageTitle } from "#components/page-title.tsx";
import { SwitchPerson } from "./switch-person.tsx";

/** Whoever is logged in here is not whom the invitation is for: nothing is accepted in the wrong name. */
export function SomebodyElse({
  inviter,
  email,
  here,
  token,
}: {
  inviter: string;
  email: string;
  here: string;
  token: string;
}) {
  return (
    <>
      <PageTitle title="This invitation is for another address" />
      <h1>This invitation is for another address</h1>
      <p>
        <b className="address">{inviter}</b> invites <b className="address">{email}</b> to create an account.
      </p>
      <SwitchPerson here={here} token={token} submit="Log out and accept" />
    </>
  );
}
