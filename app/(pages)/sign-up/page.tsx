import { redirect } from "next/navigation";
import { GoogleButton } from "#components/google-button.tsx";
import { withNext } from "#lib/pages/next-link.ts";
import { safeNextPath } from "#lib/pages/next-path.ts";
import { one, type SearchParams } from "#lib/pages/search-params.ts";
import { currentPerson } from "#lib/pages/session.ts";
import { SignUpForm } from "./sign-up-form.tsx";

export default async function SignUpPage({ searchParams }: { searchParams: SearchParams }) {
  const next = one((await searchParams).next);
  if (await currentPerson()) redirect(safeNextPath(next));
  return (
    <>
      <h1>Create your account</h1>
      <SignUpForm next={safeNextPath(next)} />
      <GoogleButton next={safeNextPath(next)} />
      <p className="ways">
        <a href={withNext("/sign-up/passkey", next)}>Use a passkey instead of a password</a>
      </p>
      <p className="ways asked">
        Already have an account? <a href={withNext("/login", next)}>Log in</a>
      </p>
    </>
  );
}
