import { redirect } from "next/navigation";
import { keptFirstFactor } from "#lib/pages/ask-for-code.ts";
import { withNext } from "#lib/pages/next-link.ts";
import { safeNextPath } from "#lib/pages/next-path.ts";
import { one, type SearchParams } from "#lib/pages/search-params.ts";
import { SecondFactorForm } from "./code-form.tsx";

/** Between the password (or mail, or Google) and the session, for whoever has an app for codes. */
export default async function LogInCodePage({ searchParams }: { searchParams: SearchParams }) {
  const params = await searchParams;
  const next = safeNextPath(one(params.next));
  if (!(await keptFirstFactor())) redirect(withNext("/login", next));
  const isRecovery = one(params.with) === "recovery";
  return (
    <>
      <h1>{isRecovery ? "Use a recovery code" : "Enter the code from your app"}</h1>
      <SecondFactorForm next={next} isRecovery={isRecovery} />
      <p className="ways">
        {isRecovery ? (
          <a href={withNext("/login/code", next)}>Use the app instead</a>
        ) : (
          <a href={recoveryLink(next)}>Lost your app? Use a recovery code</a>
        )}
        <a href={withNext("/login", next)}>Log in with a passkey, or as someone else</a>
      </p>
    </>
  );
}

const recoveryLink = (next: string): string => `/login/code?${new URLSearchParams({ with: "recovery", next })}`;
