import { LocalTime } from "#components/local-time.tsx";
import { Written } from "#components/written.tsx";
import type { OutboxMail } from "#lib/auth/operators/mail.ts";
import { MAIL_WORDS } from "#lib/pages/mail-words.ts";

export function MailSheet({ mails }: { mails: OutboxMail[] }) {
  return (
    <table className="sheet">
      <caption className="unseen">Mail, the newest first</caption>
      <thead>
        <tr>
          <th scope="col">To</th>
          <th scope="col">About</th>
          <th scope="col">State</th>
          <th scope="col">
            <span className="unseen">What can be done</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {mails.map((mail) => (
          <tr key={mail.id}>
            <th scope="row">
              <To mail={mail} />
            </th>
            <td data-label="About">{MAIL_WORDS[mail.template] ?? mail.template}</td>
            <td data-label="State">
              <State mail={mail} />
            </td>
            <td>{mail.sentAt === null && <Ways mail={mail} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function To({ mail: { to, accountId } }: { mail: OutboxMail }) {
  // Asked for with a name that nobody has: it goes to no address.
  const name = to.includes("@") ? <Written>{to}</Written> : "nobody";
  return accountId === null ? name : <a href={`/admin/people/${accountId}`}>{name}</a>;
}

function State({ mail: { sentAt, failedAt, createdAt, attempts, nextTryAt, lastError } }: { mail: OutboxMail }) {
  if (sentAt !== null)
    return (
      <>
        Sent <LocalTime at={sentAt} />
      </>
    );
  return (
    <>
      {failedAt === null ? (
        <>
          Waits since <LocalTime at={createdAt} />
          {attempts > 0 && (
            <>
              , tried {attempts === 1 ? "once" : `${attempts} times`}; next <LocalTime at={nextTryAt} />
            </>
          )}
        </>
      ) : (
        <>
          <b>Given up</b> <LocalTime at={failedAt} />, asked for <LocalTime at={createdAt} />
        </>
      )}
      {lastError !== null && (
        <p className="hint">
          The mail server said: <Written>{lastError}</Written>
        </p>
      )}
    </>
  );
}

function Ways({ mail: { id, to, failedAt } }: { mail: OutboxMail }) {
  return (
    <ul className="acts">
      <li>
        <a href={`/admin/mail/${id}/send-again`}>
          Send again
          <span className="unseen">
            {" "}
            to <Written>{to}</Written>
          </span>
        </a>
      </li>
      {failedAt === null && (
        <li>
          <a href={`/admin/mail/${id}/give-up`}>
            Give up
            <span className="unseen">
              {" "}
              the mail to <Written>{to}</Written>
            </span>
          </a>
        </li>
      )}
    </ul>
  );
}
