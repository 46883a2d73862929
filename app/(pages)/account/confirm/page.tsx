import { GoogleButton } from "#components/google-button.tsx";
import { PageTitle } from "#components/page-title.tsx";
import { isLive } from "#lib/auth/factors/passkey/live.ts";
import { passkeysOf } from "#lib/auth/factors/passkey/manage.ts";
import { relyingParty } from "#lib/auth/factors/passkey/relying-party.ts";
import { confirmationOf } from "#lib/auth/sessions/confirmed.ts";
import { withNext } from "#lib/pages/next-link.ts";
import { safeNextPath } from "#lib/pages/next-path.ts";
import { one, type SearchParams } from "#lib/pages/search-params.ts";
import { requirePerson } from "#lib/pages/session.ts";
import { ConfirmByPasskey } from "./confirm-by-passkey.tsx";
import { ConfirmByCodeForm, ConfirmByPasswordForm } from "./confirm-form.tsx";

/** Asks somebody who is logged in once more who they are, and leads back to where they were going. */
export default async function ConfirmPage({ searchParams }: { searchParams: SearchParams }) {
  const next = safeNextPath(one((await searchParams).next), "/account/security");
  const { account } = await requirePerson(withNext("/account/confirm", next));
  const by = await confirmationOf(account.id);
  const hasPasskeys = (await passkeysOf(account.id)).some(isLive);
  return (
    <>
      <h1>Confirm that it is you</h1>
      <p>What comes next is important for your account. We ask once more, and then not again for ten minutes.</p>
      {by === "code" && <ConfirmByCodeForm next={next} />}
      {by === "password" && <ConfirmByPasswordForm next={next} email={account.email} />}
      {by === "log-in" && (
        <>
          <PageTitle title="Confirm that it is you" />
          <GoogleButton next={next} />
        </>
      )}
      {hasPasskeys && <ConfirmByPasskey next={next} origin={relyingParty()?.origin ?? null} />}
      <p className="ways">
        <a href="/account">Back to your account</a>
      </p>
    </>
  );
}
