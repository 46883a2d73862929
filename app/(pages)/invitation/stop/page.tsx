import { PageTitle } from "#components/page-title.tsx";
import { SubmitButton } from "#components/submit-button.tsx";
import { inspectRefusal } from "#lib/auth/invitations/invitations.ts";
import { one, type SearchParams } from "#lib/pages/search-params.ts";
import { stopAction } from "./action.ts";

/** "Do not mail me again", from the mail. Looking does nothing, since mail scanners open every link; only the button does. */
export default async function StopPage({ searchParams }: { searchParams: SearchParams }) {
  const token = one((await searchParams).authToken) ?? "";
  const refusal = await inspectRefusal({ token });
  if (refusal.state === "invalid") return <NoLinkOfOurs />;
  const address = <b className="address">{refusal.email}</b>;
  return refusal.state === "kept" ? (
    <>
      <PageTitle title="No more invitations" />
      <h1>No more invitations</h1>
      <p role="status">No invitation goes to {address} any more, whoever asks us to send it.</p>
      <p className="hint">
        If you ever want an account, you can still make one yourself. Mail about an account of your own still comes.
      </p>
      <p className="ways">
        <a href="/">Go to the front door</a>
      </p>
    </>
  ) : (
    <>
      <PageTitle title="No more invitations?" />
      <h1>No more invitations?</h1>
      <p>One press, and no invitation goes to {address} again, whoever asks us to send it.</p>
      <form className="form" action={stopAction}>
        <input type="hidden" name="authToken" value={token} />
        <SubmitButton>Do not mail me again</SubmitButton>
      </form>
      <p className="hint">You need no account for this, and none is made.</p>
    </>
  );
}

function NoLinkOfOurs() {
  return (
    <>
      <PageTitle title="This link does not work" />
      <h1>This link does not work</h1>
      <p>
        It is not complete, so we cannot tell which address it is about. Mail programs sometimes cut a link in two: try
        to copy all of it. The link in any other invitation to your address does the same.
      </p>
      <p className="ways">
        <a href="/">Go to the front door</a>
      </p>
    </>
  );
}
