import { PageTitle } from "#components/page-title.tsx";
import { SubmitButton } from "#components/submit-button.tsx";
import { inspectLink } from "#lib/auth/proofs/links.ts";
import { MESSAGES } from "#lib/pages/messages.ts";
import { one, type SearchParams } from "#lib/pages/search-params.ts";
import { confirmLinkAction } from "./action.ts";

/** "May Google open your account?", from the mail. Looking links nothing, since mail scanners open every link. */
export default async function LinkGooglePage({ searchParams }: { searchParams: SearchParams }) {
  const token = one((await searchParams).authToken) ?? "";
  const { state, account } = await inspectLink({ token, purpose: "link-provider" });
  return state === "ready" ? (
    <>
      <PageTitle title="May Google open your account?" />
      <h1>May Google open your account?</h1>
      <p>
        Let Google (as <b className="address">{account.email}</b>) open this account? Say yes only if it was you who
        just tried to log in with Google.
      </p>
      <form className="form" action={confirmLinkAction}>
        <input type="hidden" name="authToken" value={token} />
        <SubmitButton>Yes, let Google open it</SubmitButton>
      </form>
      <p className="hint">To say no, do nothing.</p>
    </>
  ) : (
    <>
      <PageTitle title="This link does not work" />
      <h1>This link does not work</h1>
      <p>{MESSAGES[`link_${state}`]} Log in with Google once more, and we ask you again.</p>
      <p className="ways">
        <a href="/login">Log in</a>
      </p>
    </>
  );
}
