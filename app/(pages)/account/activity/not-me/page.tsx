import { LocalTime } from "#components/local-time.tsx";
import { PageTitle } from "#components/page-title.tsx";
import { SubmitButton } from "#components/submit-button.tsx";
import { logInOf } from "#lib/auth/accounts/activity.ts";
import { requireConfirmed } from "#lib/pages/confirmed.ts";
import { one, type SearchParams } from "#lib/pages/search-params.ts";
import { ByWhat } from "../event-item.tsx";
import { lockOutAction } from "./action.ts";

const TITLE = "This wasn’t you?";

/** Says what will happen before it does. */
export default async function NotMePage({ searchParams }: { searchParams: SearchParams }) {
  const id = Number(one((await searchParams)["log-in"]));
  const isNamed = Number.isSafeInteger(id) && id > 0;
  const { account } = await requireConfirmed(`/account/activity/not-me${isNamed ? `?log-in=${id}` : ""}`);
  const logIn = isNamed ? await logInOf({ accountId: account.id, id }) : undefined;
  return (
    <>
      <PageTitle title={TITLE} />
      <h1>{TITLE}</h1>
      {logIn && (
        <p>
          It is about the log-in of{" "}
          <b>
            <LocalTime at={logIn.at} />
          </b>
          , <ByWhat event={logIn} />.
        </p>
      )}
      <p>Then somebody else knows how to get in. We shut them out:</p>
      <ul className="steps">
        <li>Every device and program is logged out, this one too.</li>
        <li>Your password, your passkeys, your app passwords and log-in with Google no longer work.</li>
        <li>
          We send a mail to <b className="address">{account.email}</b>. With it you set a new password, and only with
          it.
        </li>
      </ul>
      <form className="form" action={lockOutAction}>
        <SubmitButton look="grave">Log everyone out</SubmitButton>
      </form>
      <p className="hint">
        If somebody else may read your mail too, change the password of your mailbox first. An app for codes stays as it
        is.
      </p>
      <p className="ways">
        <a href="/account/activity">It was me after all</a>
      </p>
    </>
  );
}
