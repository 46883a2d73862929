import { PageTitle } from "#components/page-title.tsx";
import { SubmitButton } from "#components/submit-button.tsx";
import { TokenField } from "#components/token-field.tsx";
import { inspectRefusal } from "#lib/auth/invitations/refuse-invitations.ts";
import { tokenIn } from "#lib/mail/mailed-link.ts";
import type { SearchParams } from "#lib/pages/search-params.ts";
import { stopAction } from "./action.ts";

/** "Do not mail me again", from the mail. Looking does nothing, since mail scanners open every link; only the button does. */
export default async function StopPage({ searchParams }: { searchParams: SearchParams }) {
  const token = tokenIn(await searchParams) ?? "";
  const refusal = await inspectRefusal({ token });
  if (refusal.state === "invalid") return <NoLinkOfOurs />;
  const address = <b className="address">{refusal.email}</b>;
  return refusal.state === "kept" ? (
    <>
      <PageTitle title="No more invitations" />
      <h1>No more invitations</h1>
      <p role="status">We send no more invitations to {address}, whoever asks us to.</p>
      <p className="hint">You can still create an account yourself. You still get mail about an account of your own.</p>
      <p className="ways">
        <a href="/">Go to the home page</a>
      </p>
    </>
  ) : (
    <>
      <PageTitle title="No more invitations?" />
      <h1>No more invitations?</h1>
      <p>Press the button to confirm, and we send no more invitations to {address}, whoever asks us to.</p>
      <form className="form" action={stopAction}>
        <TokenField token={token} />
        <SubmitButton>Do not mail me again</SubmitButton>
      </form>
      <p className="hint">You need no account for this, and none is created.</p>
    </>
  );
}

function NoLinkOfOurs() {
  return (
    <>
      <PageTitle title="This link does not work" />
      <h1>This link does not work</h1>
      <p>
        It is incomplete, so we cannot tell which address it is about. Mail programs sometimes cut a link in two: copy
        the whole link. The link in any other invitation to your address does the same.
      </p>
      <p className="ways">
        <a href="/">Go to the home page</a>
      </p>
    </>
  );
}
