import { LinkOver } from "#components/link-over.tsx";
import { PageTitle } from "#components/page-title.tsx";
import { SubmitButton } from "#components/submit-button.tsx";
import { TokenField } from "#components/token-field.tsx";
import { inspectUndo } from "#lib/auth/proofs/undo-email-change.ts";
import { tokenIn } from "#lib/mail/mailed-link.ts";
import type { SearchParams } from "#lib/pages/search-params.ts";
import { undoAction } from "./action.ts";

const OVER = {
  used: {
    title: "This link has been used",
    story: "The address was put back with it. If you have not chosen a new password yet, do that now.",
  },
  expired: {
    title: "This link has expired",
    story: "An address can be put back for seven days. If you need help, ask the people who run this site.",
  },
  superseded: {
    title: "This link no longer works",
    story: "An address from before this one was put back, and with that this change was undone too.",
  },
  taken: {
    title: "This address has another account now",
    story:
      "Someone who reads its mail has confirmed it for an account of its own. Log in to that one and change its address, then open this link again.",
  },
  invalid: {
    title: "This link does not work",
    story:
      "It is incomplete, or its account no longer exists. Mail programs sometimes cut a link in two: copy the whole link.",
  },
} as const;

/** What the mail to an old address opens. Looking undoes nothing, since mail scanners open every link; only the button does. */
export default async function UndoEmailChangePage({ searchParams }: { searchParams: SearchParams }) {
  const token = tokenIn(await searchParams) ?? "";
  const found = await inspectUndo({ token });
  if (found.state !== "ready")
    return (
      <LinkOver {...OVER[found.state]}>
        <a href="/login">Log in</a>
        <a href="/forgot-password">Choose a new password</a>
      </LinkOver>
    );
  return (
    <>
      <PageTitle title="Put your old address back?" />
      <h1>Put your old address back?</h1>
      <p>
        Your account gets the address <b className="address">{found.change.oldEmail}</b> again. Everyone who is logged
        in is logged out, the password no longer works, and you choose a new one.
      </p>
      <form className="form" action={undoAction}>
        <TokenField token={token} />
        <SubmitButton look="grave">Put this address back</SubmitButton>
      </form>
      <p className="hint">If you changed it yourself, there is nothing to do.</p>
    </>
  );
}
