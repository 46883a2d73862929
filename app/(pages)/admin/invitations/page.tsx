import { NothingHere } from "#components/nothing-here.tsx";
import { PageTitle } from "#components/page-title.tsx";
import { type InvitationKey, invitationsSeen } from "#lib/auth/operators/invitations.ts";
import { requireOperator } from "#lib/pages/operator.ts";
import { one, type SearchParams } from "#lib/pages/search-params.ts";
import { InvitationSheet } from "./invitation-sheet.tsx";

const HERE = "/admin/invitations";

/** Everybody's, the newest first. */
export default async function InvitationsPage({ searchParams }: { searchParams: SearchParams }) {
  if (!(await requireOperator(HERE))) return <NothingHere />;
  const before = keyOf(one((await searchParams).before));
  const { invitations, next } = await invitationsSeen({ before });
  return (
    <>
      <PageTitle title="Invitations" />
      <h1>Invitations</h1>
      <p>Those of the last 90 days, whoever sent them.</p>
      {invitations.length === 0 ? <p>None{before && " older"}.</p> : <InvitationSheet invitations={invitations} />}
      {(before || next) && (
        <nav aria-label="More invitations" className="pair">
          {before && <a href={HERE}>The newest</a>}
          {next && <a href={`${HERE}?before=${next.createdAt}-${next.id}`}>Older</a>}
        </nav>
      )}
    </>
  );
}

/** After which the page goes on: the moment and the id. */
function keyOf(text: string | undefined): InvitationKey | undefined {
  const [, at, id] = /^(\d{1,15})-([0-9a-zA-Z-]{1,64})$/.exec(text ?? "") ?? [];
  return at && id ? { createdAt: Number(at), id } : undefined;
}
