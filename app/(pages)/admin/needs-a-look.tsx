import { LocalTime } from "#components/local-time.tsx";
import { Written } from "#components/written.tsx";
import type { Concerns } from "#lib/auth/operators/overview.ts";

/** What somebody should do something about. */
export function NeedsALook({ concerns }: { concerns: Concerns }) {
  const { mailsFailed, mailWaitsSince, trailWaitsSince, refusals, withoutApp, admins } = concerns;
  return (
    <section aria-labelledby="look">
      <h2 id="look">What needs a look</h2>
      {Object.keys(concerns).length === 0 ? (
        <p>Nothing.</p>
      ) : (
        <ul className="steps">
          {mailsFailed !== undefined && (
            <li>
              <a href="/admin/mail?which=failed">
                {mailsFailed === 1 ? "One mail was" : `${mailsFailed.toLocaleString("en")} mails were`} given up
              </a>{" "}
              in the last 30 days.
            </li>
          )}
          {mailWaitsSince !== undefined && (
            <li>
              <a href="/admin/mail">Mail waits</a> since <LocalTime at={mailWaitsSince} />.
            </li>
          )}
          {trailWaitsSince !== undefined && (
            <li>
              The audit trail is not chained since <LocalTime at={trailWaitsSince} />. The log says why.
            </li>
          )}
          {refusals !== undefined && (
            <li>
              <a href="/admin/trail?kind=log_in_refused">
                {refusals.today.toLocaleString("en")} log-ins or codes were refused today
              </a>
              ; on a usual day it is {refusals.usual.toLocaleString("en")}.
            </li>
          )}
          {withoutApp?.map(({ id, email }) => (
            <li key={id}>
              <a href={`/admin/people/${id}`}>
                <Written>{email}</Written>
              </a>{" "}
              has a role and no app for codes, and so can do nothing yet.
            </li>
          ))}
          {admins !== undefined && (
            <li>
              There {admins === 1 ? "is one admin" : "is no admin"}. With two, one can help the other back in.{" "}
              <a href="/admin/operators">Operators</a>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}
