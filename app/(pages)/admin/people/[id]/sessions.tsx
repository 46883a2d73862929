import { LocalTime } from "#components/local-time.tsx";
import { NetworkName } from "#components/network-name.tsx";
import { Written } from "#components/written.tsx";
import { deviceName } from "#lib/auth/sessions/device-name.ts";
import type { Session } from "#lib/auth/sessions/sessions.ts";
import { DOORS } from "#lib/doors.ts";
import { doorInWords } from "../../../account/security/door-in-words.ts";

/** Where they are logged in. */
export function Sessions({ sessions }: { sessions: Session[] }) {
  return (
    <table className="sheet">
      <caption className="unseen">Where they are logged in</caption>
      <thead>
        <tr>
          <th scope="col">Device</th>
          <th scope="col">By</th>
          <th scope="col">From</th>
          <th scope="col">Logged in</th>
          <th scope="col">Last used</th>
        </tr>
      </thead>
      <tbody>
        {sessions.map(({ id, userAgent, kind, network, createdAt, updatedAt }) => (
          <tr key={id}>
            <th scope="row">
              <Written>{deviceName(userAgent)}</Written>
            </th>
            <td data-label="By">{kind === DOORS.pages.name ? "the pages" : doorInWords(kind)}</td>
            <td data-label="From">{network === null ? "not known" : <NetworkName network={network} />}</td>
            <td data-label="Logged in">
              <LocalTime at={createdAt} />
            </td>
            <td data-label="Last used">
              <LocalTime at={updatedAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
