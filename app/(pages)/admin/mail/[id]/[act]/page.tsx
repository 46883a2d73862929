import { NothingHere } from "#components/nothing-here.tsx";
import { Notice } from "#components/notice.tsx";
import { PageTitle } from "#components/page-title.tsx";
import { mailSeen } from "#lib/auth/operators/mail.ts";
import { requireOperator } from "#lib/pages/operator.ts";
import { MailSheet } from "../../mail-sheet.tsx";
import { isMailAct, MAIL_ACTS } from "../acts.ts";
import { MailActForm } from "./act-form.tsx";

export default async function MailActPage({ params }: { params: Promise<{ id: string; act: string }> }) {
  const { id, act } = await params;
  if (!(await requireOperator(`/admin/mail/${encodeURIComponent(id)}/${encodeURIComponent(act)}`)))
    return <NothingHere />;
  const mail = await mailSeen(id);
  if (!mail || !isMailAct(act)) return <NothingHere />;
  const { title, will, submit, look } = MAIL_ACTS[act];
  const fits = mail.sentAt === null && (act === "send-again" || mail.failedAt === null);
  return (
    <>
      <PageTitle title={title} />
      <h1>{title}</h1>
      <MailSheet mails={[mail]} />
      {fits ? (
        <>
          <p>{will}</p>
          <MailActForm act={act} mail={mail.id} words={{ title, submit, look }} />
        </>
      ) : (
        <Notice tone="problem">As this mail is now, there is nothing to do.</Notice>
      )}
      <p className="ways">
        <a href="/admin/mail">Back to the mail</a>
      </p>
    </>
  );
}
