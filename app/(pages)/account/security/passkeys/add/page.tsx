import { PageTitle } from "#components/page-title.tsx";
import { relyingParty } from "#lib/auth/factors/passkey/relying-party.ts";
import { requireConfirmed } from "#lib/pages/confirmed.ts";
import { AddPasskey } from "./add-passkey.tsx";

export default async function AddPasskeyPage() {
  await requireConfirmed("/account/security/passkeys/add");
  return (
    <>
      <PageTitle title="Add a passkey" />
      <h1>Add a passkey</h1>
      <p>
        A passkey is kept on your phone, your computer, a security key or in your password manager. You log in with the
        finger, face or PIN that unlocks it: nothing to type, and nothing that a false site could ask you for.
      </p>
      <p>Your browser asks where to keep it.</p>
      <AddPasskey origin={relyingParty()?.origin ?? null} />
      <p className="ways">
        <a href="/account/security">Cancel</a>
      </p>
    </>
  );
}
