import type { KeptMail } from "#lib/mail/mailbox.ts";
import styles from "./mailbox.module.css";

/** The mail's link and code, to click and to copy; `brief` leaves the link's address out. */
export function Proof({ mail, brief = false }: { mail: KeptMail; brief?: boolean }) {
  if (!mail.link && !mail.code) return null;
  return (
    <dl className={styles.proof}>
      {mail.code && (
        <div>
          <dt>Code</dt>
          <dd className={styles.code}>{mail.code}</dd>
        </div>
      )}
      {mail.link && (
        <div>
          <dt>Link</dt>
          <dd>
            <a href={mail.link}>Open the mailed link</a>
            {!brief && (
              <input className={styles.address} readOnly defaultValue={mail.link} aria-label="The link’s address" />
            )}
          </dd>
        </div>
      )}
    </dl>
  );
}
