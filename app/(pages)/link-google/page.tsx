import { PageTitle } from "#components/page-title.tsx";
import { SubmitButton } from "#components/submit-button.tsx";
import { TokenField } from "#components/token-field.tsx";
import { inspectLink } from "#lib/auth/proofs/links.ts";
import { tokenIn } from "#lib/mail/mailed-link.ts";
import { MESSAGES } from "#lib/pages/messages.ts";
import type { SearchParams } from "#lib/pages/search-params.ts";
import { confirmLinkAction } from "./action.ts";

/** "Allow log-in with Google?", from the mail. Looking links nothing, since mail scanners open every link. */
export default async function LinkGooglePage({ searchParams }: { searchParams: SearchParams }) {
  const token = tokenIn(await searchParams) ?? "";
  const { state, account } = await inspectLink({ token, purpose: "link-provider" });
  return state === "ready" ? (
    <>
      <PageTitle title="Allow log-in with Google?" />
      <h1>Allow log-in with Google?</h1>
      <p>
        Someone tried to log in to the account <b className="address">{account.email}</b> with a Google account. Allow
        it only if that was you.
      </p>
      <form className="form" action={confirmLinkAction}>
        <TokenField token={token} />
        <SubmitButton>Allow log-in with Google</SubmitButton>
      </form>
      <p className="hint">If that was not you, do nothing.</p>
    </>
  ) : (
    <>
      <PageTitle title="This link does not work" />
      <h1>This link does not work</h1>
      <p>{MESSAGES[`link_${state}`]} Log in with Google again, and we send a new link.</p>
      <p className="ways">
        <a href="/login">Log in</a>
      </p>
    </>
  );
}
