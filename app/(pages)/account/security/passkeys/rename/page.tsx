import { redirect } from "next/navigation";
import { passkeysOf } from "#lib/auth/factors/passkey/manage.ts";
import { one, type SearchParams } from "#lib/pages/search-params.ts";
import { requirePerson } from "#lib/pages/session.ts";
import { RenameForm } from "./rename-form.tsx";

export default async function RenamePasskeyPage({ searchParams }: { searchParams: SearchParams }) {
  const { account } = await requirePerson("/account/security");
  const id = one((await searchParams).passkey);
  const passkey = (await passkeysOf(account.id)).find((each) => each.id === id);
  // Removed in another tab, or another's.
  if (!passkey) redirect("/account/security");
  return (
    <>
      <h1>Rename a passkey</h1>
      <RenameForm id={passkey.id} name={passkey.name} />
      <p className="ways">
        <a href="/account/security">Cancel</a>
      </p>
    </>
  );
}
