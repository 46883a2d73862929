import { PageTitle } from "#components/page-title.tsx";
import { requireConfirmed } from "#lib/pages/confirmed.ts";

const TITLE = "Delete your account?";

/** The first of two questions: what will happen. */
export default async function DeletePage() {
  const { account } = await requireConfirmed("/account/data/delete");
  return (
    <>
      <PageTitle title={TITLE} />
      <h1>{TITLE}</h1>
      <ul className="steps">
        <li>At once, every device and program is logged out, this one too, and your app passwords open nothing.</li>
        <li>For seven days you can change your mind: log in, and the account stays as it is now.</li>
        <li>
          Then all of it goes for good, and nobody can bring it back. The address{" "}
          <b className="address">{account.email}</b> is free again.
        </li>
      </ul>
      <p>
        We send you a mail now, and another one when it is done. If you want to keep a copy,{" "}
        <a href="/account/data">download your data</a> first.
      </p>
      <div className="pair">
        <a className="button grave" href="/account/data/delete/sure">
          Go on
        </a>
        <a className="button quiet" href="/account/data">
          Keep my account
        </a>
      </div>
    </>
  );
}
