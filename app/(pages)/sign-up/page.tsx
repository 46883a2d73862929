import { redirect } from "next/navigation";
import { GoogleButton } from "#components/google-button.tsx";
import { safeNextPath } from "#lib/http/next-path.ts";
import { currentPerson } from "#lib/http/page-session.ts";
import { withNext } from "../next-link.ts";
import { one, type SearchParams } from "../search-params.ts";
import { SignUpForm } from "./sign-up-form.tsx";

export default async function SignUpPage({ searchParams }: { searchParams: SearchParams }) {
  const next = one((await searchParams).next);
  if (await currentPerson()) redirect(safeNextPath(next));
  return (
    <>
      <h1>Create your account</h1>
      <SignUpForm next={safeNextPath(next)} />
      <GoogleButton next={safeNextPath(next)} />
      <p className="ways asked">
        Already have an account? <a href={withNext("/login", next)}>Log in</a>
      </p>
    </>
  );
}
