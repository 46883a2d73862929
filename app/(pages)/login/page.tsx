import { redirect } from "next/navigation";
import { GoogleButton } from "#components/google-button.tsx";
import { Notice } from "#components/notice.tsx";
import { relyingParty } from "#lib/auth/factors/passkey/relying-party.ts";
import { MESSAGES } from "#lib/pages/messages.ts";
import { withNext } from "#lib/pages/next-link.ts";
import { safeNextPath } from "#lib/pages/next-path.ts";
import { NOTICES, noticeOf, problemOf } from "#lib/pages/notices.ts";
import { one, type SearchParams } from "#lib/pages/search-params.ts";
import { currentPerson } from "#lib/pages/session.ts";
import { LogInForm } from "./login-form.tsx";
import { PasskeyLogIn } from "./passkey-log-in.tsx";

export default async function LogInPage({ searchParams }: { searchParams: SearchParams }) {
  const params = await searchParams;
  const next = one(params.next);
  if (await currentPerson()) redirect(safeNextPath(next));
  const notice = noticeOf(params.notice);
  const problem = problemOf(params.problem);
  return (
    <>
      <h1>Log in</h1>
      {notice && <Notice>{NOTICES[notice]}</Notice>}
      {problem && <Notice tone="problem">{MESSAGES[problem]}</Notice>}
      <LogInForm next={safeNextPath(next)} />
      <PasskeyLogIn next={safeNextPath(next)} origin={relyingParty()?.origin ?? null} />
      <GoogleButton next={safeNextPath(next)} />
      <p className="ways">
        <a href="/forgot-password">Forgot your password?</a>
        <a href={withNext("/sign-up", next)}>Create an account</a>
        <a href={withNext("/verify-email", next)}>Confirm your address</a>
      </p>
    </>
  );
}
