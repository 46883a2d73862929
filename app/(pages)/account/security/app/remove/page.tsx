import { redirect } from "next/navigation";
import { PageTitle } from "#components/page-title.tsx";
import { SubmitButton } from "#components/submit-button.tsx";
import { secondFactorOf } from "#lib/auth/factors/authenticator/enroll.ts";
import { requireConfirmed } from "#lib/pages/confirmed.ts";
import { removeAppAction } from "../../action.ts";

export default async function RemoveAppPage() {
  const { account } = await requireConfirmed("/account/security/app/remove");
  if (!(await secondFactorOf(account.id))) redirect("/account/security");
  return (
    <>
      <PageTitle title="Remove the app" />
      <h1>Remove the app?</h1>
      <p>
        Your account is then open to anybody who knows your password, or reads your mail. Your recovery codes go too.
      </p>
      <form className="form" action={removeAppAction}>
        <SubmitButton look="grave">Remove the app</SubmitButton>
      </form>
      <p className="ways">
        <a href="/account/security">Keep it</a>
      </p>
    </>
  );
}
