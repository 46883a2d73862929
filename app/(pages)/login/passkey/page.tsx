import { redirect } from "next/navigation";
import { PageTitle } from "#components/page-title.tsx";
import { TellDevice } from "#components/tell-device.tsx";
import { knownPasskeys, passkeysOf } from "#lib/auth/factors/passkey/manage.ts";
import { withNext } from "#lib/pages/next-link.ts";
import { safeNextPath } from "#lib/pages/next-path.ts";
import { one, type SearchParams } from "#lib/pages/search-params.ts";
import { currentPerson } from "#lib/pages/session.ts";

/** Between a log-in with a passkey and where it leads: the device hears which passkeys are left, and the page goes on by itself. */
export default async function PasskeyShownPage({ searchParams }: { searchParams: SearchParams }) {
  const next = safeNextPath(one((await searchParams).next));
  const person = await currentPerson();
  if (!person) redirect(withNext("/login", next));
  const known = knownPasskeys(person.account, await passkeysOf(person.account.id));
  if (!known) redirect(next);
  return (
    <>
      <PageTitle title="You are logged in" />
      <h1>You are logged in</h1>
      <TellDevice {...known} then={next} />
      <p className="ways">
        <a href={next}>Go on</a>
      </p>
    </>
  );
}
