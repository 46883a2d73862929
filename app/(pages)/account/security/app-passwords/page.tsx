import { redirect } from "next/navigation";
import { PageTitle } from "#components/page-title.tsx";
import { SubmitButton } from "#components/submit-button.tsx";
import { requirePerson } from "#lib/pages/session.ts";
import { secretsToShow } from "#lib/pages/shown-once.ts";
import { appPasswordSavedAction } from "./action.ts";

/** Shows the one that was just made. */
export default async function AppPasswordPage() {
  const { account } = await requirePerson("/account/security");
  const [password] = (await secretsToShow("app-password", account)) ?? [];
  if (!password) redirect("/account/security");
  return (
    <>
      <PageTitle title="Your app password" />
      <h1>Your app password</h1>
      <p>Enter it in the program, where it asks for your password. You cannot see it here again.</p>
      <p>
        <code className="key">{password}</code>
      </p>
      <form className="form" action={appPasswordSavedAction}>
        <SubmitButton>I have entered it</SubmitButton>
      </form>
    </>
  );
}
