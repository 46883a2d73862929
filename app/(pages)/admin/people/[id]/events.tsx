import { LocalTime } from "#components/local-time.tsx";
import { NetworkName } from "#components/network-name.tsx";
import { Written } from "#components/written.tsx";
import type { AccountEvent } from "#lib/auth/accounts/activity.ts";
import { trailWords } from "#lib/pages/trail-words.ts";

/** What happened to the account lately. */
export function Events({ events }: { events: AccountEvent[] }) {
  if (events.length === 0) return <p>Nothing in the last 90 days.</p>;
  return (
    <table className="sheet">
      <caption className="unseen">What happened lately, the newest first</caption>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">When</th>
          <th scope="col">With</th>
          <th scope="col">From</th>
        </tr>
      </thead>
      <tbody>
        {events.map(({ id, kind, at, browser, network }) => (
          <tr key={id}>
            <th scope="row">{trailWords(kind)}</th>
            <td data-label="When">
              <LocalTime at={at} />
            </td>
            <td data-label="With">{browser !== null && <Written>{browser}</Written>}</td>
            <td data-label="From">{network !== null && <NetworkName network={network} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
