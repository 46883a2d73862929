import Link from "next/link";
import { PageTitle } from "#components/page-title.tsx";
import { type KeptMail, listMail } from "#lib/mail/mailbox.ts";
import { guardMailbox } from "./guard.ts";
import styles from "./mailbox.module.css";
import { MailboxFrame } from "./mailbox-frame.tsx";
import { Proof } from "./proof.tsx";
import { sentAt } from "./sent-at.ts";

export default async function Mailbox({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  await guardMailbox();
  const { to } = await searchParams;
  const address = typeof to === "string" && to.trim() ? to.trim() : undefined;
  const mails = await listMail({ to: address });
  return (
    <MailboxFrame>
      <PageTitle title="Mailbox" />
      <h1>Mailbox</h1>
      <p className={styles.soft}>
        Test mode: no mail is sent. Read it here. Only this computer can open this page. Set <code>RESEND_API_KEY</code>{" "}
        or <code>SMTP_URL</code> to send real mail.
      </p>
      <form action="/dev/mailbox" className={styles.filter}>
        <label htmlFor="to">Mail to</label>
        <input id="to" name="to" type="text" inputMode="email" autoComplete="off" defaultValue={address} />
        <button type="submit" className="button quiet">
          Show
        </button>
        {address && <Link href="/dev/mailbox">Show all</Link>}
      </form>
      {mails.length > 0 ? (
        <ul className={styles.list}>
          {mails.map((mail) => (
            <Row key={mail.id} mail={mail} />
          ))}
        </ul>
      ) : (
        <p className={styles.empty}>
          {address ? `There is no mail to ${address}.` : "There is no mail yet. Sign up to get the first one."}
        </p>
      )}
    </MailboxFrame>
  );
}

function Row({ mail }: { mail: KeptMail }) {
  return (
    <li>
      <h2>
        <Link href={`/dev/mailbox/${mail.id}`} prefetch={false}>
          {mail.subject}
        </Link>
      </h2>
      <p className={styles.soft}>
        {mail.to} · <time dateTime={mail.sentAt}>{sentAt(mail)}</time>
      </p>
      <Proof mail={mail} brief />
    </li>
  );
}
