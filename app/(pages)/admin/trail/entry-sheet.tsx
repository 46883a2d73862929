import { LocalTime } from "#components/local-time.tsx";
import { NetworkName } from "#components/network-name.tsx";
import { Written } from "#components/written.tsx";
import type { SeenEntry } from "#lib/auth/operators/read-trail.ts";
import { trailWords } from "#lib/pages/trail-words.ts";

/** `names`: the operators' addresses, by `sub`. */
export function EntrySheet({ entries, names }: { entries: SeenEntry[]; names: ReadonlyMap<string, string> }) {
  return (
    <table className="sheet">
      <caption className="unseen">The trail, the newest first</caption>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">When</th>
          <th scope="col">Whose account</th>
          <th scope="col">Done by</th>
          <th scope="col">More</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <tr key={entry.id}>
            <th scope="row">{trailWords(entry.kind)}</th>
            <td data-label="When">
              <LocalTime at={entry.at} />
            </td>
            <td data-label="Whose account">
              <Whose entry={entry} />
            </td>
            <td data-label="Done by">{entry.actor !== null && <By actor={entry.actor} names={names} />}</td>
            <td data-label="More">
              <More entry={entry} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Whose({ entry: { accountId, address } }: { entry: SeenEntry }) {
  if (accountId === null) return "nobody’s";
  return <a href={`/admin/people/${accountId}`}>{address === null ? `#${accountId}` : <Written>{address}</Written>}</a>;
}

/** Where it was somebody else than whoever has the account. */
function By({ actor, names }: { actor: string; names: ReadonlyMap<string, string> }) {
  if (actor === "command") return "a command on the server";
  if (actor === "system") return "the server";
  const name = names.get(actor);
  return name === undefined ? <span className="reference">{actor}</span> : <Written>{name}</Written>;
}

function More({ entry: { details, browser, network } }: { entry: SeenEntry }) {
  const told: Record<string, unknown> = details === null ? {} : JSON.parse(details);
  const { why, ...others } = told;
  return (
    <>
      {why !== undefined && (
        <p>
          <Written>{String(why)}</Written>
        </p>
      )}
      {Object.keys(others).length > 0 && (
        <p className="hint">
          {Object.entries(others).map(([name, value], n) => (
            <span key={name}>
              {n > 0 && ", "}
              {name}: <Written>{typeof value === "string" ? value : JSON.stringify(value)}</Written>
            </span>
          ))}
        </p>
      )}
      {(browser !== null || network !== null) && (
        <p className="hint">
          {browser !== null && <Written>{browser}</Written>}
          {network !== null && (
            <>
              {" "}
              from <NetworkName network={network} />
            </>
          )}
        </p>
      )}
    </>
  );
}
