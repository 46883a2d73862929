import { Notice } from "#components/notice.tsx";
import { PageTitle } from "#components/page-title.tsx";
import { SubmitButton } from "#components/submit-button.tsx";
import { TokenField } from "#components/token-field.tsx";
import { inspectOperatorLink } from "#lib/auth/operators/operator-link.ts";
import { tokenIn, withToken } from "#lib/mail/mailed-link.ts";
import { MESSAGES } from "#lib/pages/messages.ts";
import { one, type SearchParams } from "#lib/pages/search-params.ts";
import { requirePerson } from "#lib/pages/session.ts";
import { claimAction } from "./action.ts";
import { problemOf } from "./problems.ts";

/** What a one-time link opens. Looking uses nothing up; the button does. */
export default async function ClaimPage({ searchParams }: { searchParams: SearchParams }) {
  const query = await searchParams;
  const token = tokenIn(query) ?? "";
  const { account } = await requirePerson(withToken("/admin/claim", token));
  const role = await inspectOperatorLink(token);
  const problem = problemOf(one(query.problem));
  if (!role) return <NoGood />;
  const title = role === "admin" ? "Become an admin?" : "Become a supporter?";
  return (
    <>
      <PageTitle title={title} />
      <h1>{title}</h1>
      {problem && <Notice tone="problem">{MESSAGES[problem]}</Notice>}
      <p>
        With this link <b className="address">{account.email}</b> looks after everybody’s accounts on this site.
      </p>
      <ul className="steps">
        <li>The link works once, for whoever presses the button first.</li>
        <li>You need an app for codes. If you have none, you add one next.</li>
      </ul>
      <form className="form" action={claimAction}>
        <TokenField token={token} />
        <SubmitButton>{role === "admin" ? "Become an admin" : "Become a supporter"}</SubmitButton>
      </form>
      <p className="ways">
        <a href="/account">Not now</a>
      </p>
    </>
  );
}

function NoGood() {
  return (
    <>
      <PageTitle title="This link does not work" />
      <h1>This link does not work</h1>
      <p>
        It was used already, is older than fifteen minutes, or is incomplete. Whoever runs the server can make a new
        one.
      </p>
      <p className="ways">
        <a href="/account">Go to your account</a>
      </p>
    </>
  );
}
