import type { ReactNode } from "react";
import { NothingHere } from "#components/nothing-here.tsx";
import { Notice } from "#components/notice.tsx";
import { PageTitle } from "#components/page-title.tsx";
import { Written } from "#components/written.tsx";
import { type Person, wholePerson } from "#lib/auth/operators/person.ts";
import type { Role } from "#lib/auth/operators/roles.ts";
import { NOTICES, noticeOf } from "#lib/pages/notices.ts";
import { requireOperator } from "#lib/pages/operator.ts";
import type { SearchParams } from "#lib/pages/search-params.ts";
import { InvitationSheet } from "../../invitations/invitation-sheet.tsx";
import { MailSheet } from "../../mail/mail-sheet.tsx";
import { ACTS, type ActName, leastFor, numberIn } from "./acts.ts";
import { Events } from "./events.tsx";
import { Facts } from "./facts.tsx";
import { Sessions } from "./sessions.tsx";
import { WaysIn } from "./ways-in.tsx";

/** All there is to see of one account, and what can be done to it. */
export default async function PersonPage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: SearchParams;
}) {
  const { id } = await params;
  const operator = await requireOperator(`/admin/people/${encodeURIComponent(id)}`);
  if (!operator) return <NothingHere />;
  const notice = noticeOf((await searchParams).notice);
  const number = numberIn(id);
  const person = number === undefined ? undefined : await wholePerson(number);
  if (!person) return <NothingHere />;
  const { account, sessions, invitations, mails } = person;
  return (
    <>
      <PageTitle title={account.email} />
      <h1>
        <Written>{account.email}</Written>
      </h1>
      {notice && <Notice>{NOTICES[notice]}</Notice>}
      <Facts person={person} />
      <WhatCanBeDone person={person} role={operator.role} />
      <WaysIn person={person} />
      <Part id="sessions" title="Sessions">
        {sessions.shown.length === 0 ? <p>Logged in nowhere.</p> : <Sessions sessions={sessions.shown} />}
        {sessions.hasMore && <p className="hint">The ones used last; there are more.</p>}
      </Part>
      <Part id="mail" title="Mail">
        {mails.shown.length === 0 ? (
          <p>None. What was sent is kept for a day, what failed for thirty.</p>
        ) : (
          <MailSheet mails={mails.shown} />
        )}
        {mails.hasMore && <p className="hint">The newest; there are more.</p>}
      </Part>
      {invitations.shown.length > 0 && (
        <Part id="invitations" title="Invitations sent">
          <InvitationSheet invitations={invitations.shown} />
          {invitations.hasMore && <p className="hint">The newest; there are more.</p>}
        </Part>
      )}
      <Part id="events" title="What happened">
        <Events events={person.events} />
        <p>
          <a href={`/admin/trail?account=${encodeURIComponent(`#${account.id}`)}`}>All of it, in the audit trail</a>
        </p>
      </Part>
    </>
  );
}

function WhatCanBeDone({ person, role }: { person: Person; role: Role }) {
  const names = (Object.keys(ACTS) as ActName[]).filter(
    (name) => ACTS[name].fits(person) && (role === "admin" || leastFor(name, person) === "support"),
  );
  return (
    <Part id="acts" title="What you can do">
      {names.length === 0 ? (
        <p>Nothing: only an admin acts on somebody who has a role.</p>
      ) : (
        <ul className="acts">
          {names.map((name) => (
            <li key={name}>
              <a className="button quiet" href={`/admin/people/${person.account.id}/${name}`}>
                {ACTS[name].link}
              </a>
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}

function Part({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}
