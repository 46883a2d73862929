import { redirect } from "next/navigation";
import { PageTitle } from "#components/page-title.tsx";
import { SubmitButton } from "#components/submit-button.tsx";
import { requirePerson } from "#lib/pages/session.ts";
import { secretsToShow } from "#lib/pages/shown-once.ts";
import { codesSavedAction } from "./action.ts";
import { PrintButton } from "./print-button.tsx";

export default async function CodesPage() {
  const { account } = await requirePerson("/account/security");
  const codes = await secretsToShow("recovery-codes", account);
  if (!codes) redirect("/account/security");
  return (
    <>
      <PageTitle title="Save your recovery codes" />
      <h1>Save your recovery codes</h1>
      <p>
        If you lose your app, each of these lets you log in once. Keep them where you keep important papers, or in a
        password manager. You cannot see them here again.
      </p>
      <ul className="recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className="pair">
        <a className="button quiet" download="latchkey-recovery-codes.txt" href={asFile(account.email, codes)}>
          Download
        </a>
        <PrintButton />
      </div>
      <form className="form" action={codesSavedAction}>
        <SubmitButton>I have saved them</SubmitButton>
      </form>
    </>
  );
}

/** Within the page itself: no address of ours leads to the codes. */
const asFile = (email: string, codes: readonly string[]): string =>
  `data:text/plain;charset=utf-8,${encodeURIComponent(
    `Recovery codes for ${email}. Each lets you log in once, in place of a code from your app.\n\n${codes.join("\n")}\n`,
  )}`;
