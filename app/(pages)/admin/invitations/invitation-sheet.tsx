import { LocalTime } from "#components/local-time.tsx";
import { Written } from "#components/written.tsx";
import type { SeenInvitation } from "#lib/auth/operators/invitations.ts";

const STATES: Record<SeenInvitation["state"], string> = {
  ready: "Open",
  used: "Accepted",
  expired: "Expired",
  superseded: "Replaced by a newer one",
  withdrawn: "Withdrawn",
};

export function InvitationSheet({ invitations }: { invitations: SeenInvitation[] }) {
  return (
    <table className="sheet">
      <caption className="unseen">Invitations, the newest first</caption>
      <thead>
        <tr>
          <th scope="col">To</th>
          <th scope="col">From</th>
          <th scope="col">State</th>
          <th scope="col">Asked for</th>
        </tr>
      </thead>
      <tbody>
        {invitations.map(({ invitation: { id, email, inviterName, createdAt, sentAt }, sender, state }) => (
          <tr key={id}>
            <th scope="row">
              <Written>{email}</Written>
            </th>
            <td data-label="From">
              <a href={`/admin/people/${sender.id}`}>
                <Written>{sender.email}</Written>
              </a>
              {inviterName !== null && (
                <span className="hint">
                  {" "}
                  as <Written>{inviterName}</Written>
                </span>
              )}
            </td>
            <td data-label="State">{sentAt === null && state !== "withdrawn" ? "Its mail waits" : STATES[state]}</td>
            <td data-label="Asked for">
              <LocalTime at={createdAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
