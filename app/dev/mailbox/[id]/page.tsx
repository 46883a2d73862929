import Link from "next/link";
import { notFound } from "next/navigation";
import { PageTitle } from "#components/page-title.tsx";
import { findMail } from "#lib/mail/mailbox.ts";
import { guardMailbox } from "../guard.ts";
import styles from "../mailbox.module.css";
import { MailboxFrame } from "../mailbox-frame.tsx";
import { Proof } from "../proof.tsx";
import { sentAt } from "../sent-at.ts";

type Props = {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export default async function MailPage({ params, searchParams }: Props) {
  await guardMailbox();
  const mail = await findMail((await params).id);
  if (!mail) notFound();
  const asText = (await searchParams).view === "text";
  const here = `/dev/mailbox/${mail.id}`;
  return (
    <MailboxFrame>
      <PageTitle title={`Mail: ${mail.subject}`} />
      <p>
        <Link href="/dev/mailbox">All mail</Link>
        {" · "}
        <Link href={`/dev/mailbox?to=${encodeURIComponent(mail.to)}`}>All to {mail.to}</Link>
      </p>
      <h1>{mail.subject}</h1>
      <p className={styles.soft}>
        {mail.to} · <time dateTime={mail.sentAt}>{sentAt(mail)}</time>
      </p>
      <Proof mail={mail} />
      <nav aria-label="View" className={styles.views}>
        <Link href={here} aria-current={asText ? undefined : "page"}>
          HTML
        </Link>
        <Link href={`${here}?view=text`} aria-current={asText ? "page" : undefined}>
          Text
        </Link>
      </nav>
      {asText ? (
        <pre className={styles.text}>{mail.text}</pre>
      ) : (
        <iframe
          className={styles.frame}
          title={`The mail: ${mail.subject}`}
          src={`${here}/html`}
          sandbox="allow-popups allow-popups-to-escape-sandbox"
        />
      )}
    </MailboxFrame>
  );
}
