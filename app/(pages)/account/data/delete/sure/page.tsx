import { PageTitle } from "#components/page-title.tsx";
import { SubmitButton } from "#components/submit-button.tsx";
import { requireConfirmed } from "#lib/pages/confirmed.ts";
import { deleteAction } from "./action.ts";

const TITLE = "Are you sure?";

/** The second question, with the button. */
export default async function SurePage() {
  const { account } = await requireConfirmed("/account/data/delete/sure");
  return (
    <>
      <PageTitle title={TITLE} />
      <h1>{TITLE}</h1>
      <p>
        You are about to delete the account of <b className="address">{account.email}</b>. Without a log-in in the next
        seven days, it is gone.
      </p>
      <form className="form" action={deleteAction}>
        <SubmitButton look="grave">Delete my account</SubmitButton>
      </form>
      <p className="ways">
        <a href="/account/data">Keep my account</a>
      </p>
    </>
  );
}
