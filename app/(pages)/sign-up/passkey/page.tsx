import { redirect } from "next/navigation";
import { relyingParty } from "#lib/auth/factors/passkey/relying-party.ts";
import { withNext } from "#lib/pages/next-link.ts";
import { safeNextPath } from "#lib/pages/next-path.ts";
import { one, type SearchParams } from "#lib/pages/search-params.ts";
import { currentPerson } from "#lib/pages/session.ts";
import { PasskeySignUp } from "./passkey-sign-up.tsx";

export default async function PasskeySignUpPage({ searchParams }: { searchParams: SearchParams }) {
  const next = one((await searchParams).next);
  if (await currentPerson()) redirect(safeNextPath(next));
  return (
    <>
      <h1>Create your account with a passkey</h1>
      <p>
        No password: you log in with the finger, face or PIN that unlocks your device. Your browser asks where to keep
        the passkey.
      </p>
      <PasskeySignUp next={safeNextPath(next)} origin={relyingParty()?.origin ?? null} />
      <p className="ways">
        <a href={withNext("/sign-up", next)}>Use a password instead</a>
        <a href={withNext("/login", next)}>Log in</a>
      </p>
    </>
  );
}
