import { ActionForm } from "#components/action-form.tsx";
import { AddressForm } from "#components/address-form.tsx";
import { Notice } from "#components/notice.tsx";
import { PageTitle } from "#components/page-title.tsx";
import { TokenField } from "#components/token-field.tsx";
import { WhoseAccount } from "#components/whose-account.tsx";
import { inspectLink } from "#lib/auth/proofs/links.ts";
import { NOTICES, type NoticeName } from "#lib/pages/notices.ts";
import { forgotPasswordAction } from "../forgot-password/action.ts";
import { sendAnotherAction } from "./action.ts";
import { ResetByLinkForm } from "./reset-password-form.tsx";

const TOO_LATE = {
  used: {
    title: "This link has been used",
    story: "A link works once. If you used it, log in with your new password. If not, set another password right away.",
  },
  expired: {
    title: "This link has expired",
    story: "A link works for a limited time only. Ask for a new one.",
  },
  superseded: {
    title: "This link no longer works",
    story: "A newer mail or a password change has replaced it. Look for the newest mail, or ask for another.",
  },
} as const;

/** What a mailed link opens. Looking uses nothing up, since mail scanners open every link; only the button does. */
export async function MailedLink({ token, notice }: { token: string; notice: NoticeName | undefined }) {
  const { state, account } = await inspectLink({ token, purpose: "reset-password" });
  if (!account) return <NoLinkOfOurs />;
  if (state === "ready")
    return (
      <>
        <h1>Set a new password</h1>
        {notice && <Notice>{NOTICES[notice]}</Notice>}
        <p>All devices that are logged in to this account will be logged out.</p>
        <WhoseAccount account={account} />
        <ResetByLinkForm token={token} email={account.email} />
      </>
    );
  const { title, story } = TOO_LATE[state];
  return (
    <>
      <PageTitle title={title} />
      <h1>{title}</h1>
      <p>{story}</p>
      <WhoseAccount account={account} />
      <ActionForm action={sendAnotherAction} submit="Send a new mail">
        <TokenField token={token} />
      </ActionForm>
      <p className="ways">
        <a href="/login">Log in</a>
      </p>
    </>
  );
}

function NoLinkOfOurs() {
  return (
    <>
      <h1>This link does not work</h1>
      <p>
        It is incomplete, or its account no longer exists. Mail programs sometimes cut a link in two: copy the whole
        link, or ask for a new mail here.
      </p>
      <AddressForm action={forgotPasswordAction} title="This link does not work" submit="Send a new mail" />
    </>
  );
}
