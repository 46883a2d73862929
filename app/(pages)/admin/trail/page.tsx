import { NothingHere } from "#components/nothing-here.tsx";
import { Notice } from "#components/notice.tsx";
import { PageTitle } from "#components/page-title.tsx";
import { readTrail } from "#lib/auth/operators/read-trail.ts";
import { operators } from "#lib/auth/operators/roles.ts";
import { MESSAGES } from "#lib/pages/messages.ts";
import { requireOperator } from "#lib/pages/operator.ts";
import { queryWith } from "#lib/pages/people-query.ts";
import { one, type SearchParams } from "#lib/pages/search-params.ts";
import { entryKeyOf, trailFilterOf } from "#lib/pages/trail-query.ts";
import { TRAIL_WORDS } from "#lib/pages/trail-words.ts";
import { EntrySheet } from "./entry-sheet.tsx";

const HERE = "/admin/trail";

type Params = Record<string, string | string[] | undefined>;

/** The audit trail, or what is looked for in it; the newest first. */
export default async function TrailPage({ searchParams }: { searchParams: SearchParams }) {
  const { before, problem, ...params } = await searchParams;
  const operator = await requireOperator(HERE + queryWith(params, { before: one(before) }));
  if (!operator) return <NothingHere />;
  const [{ entries, next }, all] = await Promise.all([
    readTrail(await trailFilterOf(params), entryKeyOf(before)),
    operators(),
  ]);
  return (
    <>
      <PageTitle title="Audit trail" />
      <h1>Audit trail</h1>
      {problem === "not_allowed" && <Notice tone="problem">{MESSAGES.not_allowed}</Notice>}
      <Filters params={params} />
      {entries.length === 0 ? (
        <p>Nothing{before ? " older" : " like that"}.</p>
      ) : (
        <EntrySheet entries={entries} names={new Map(all.map(({ sub, email }) => [sub, email]))} />
      )}
      {(before || next) && (
        <nav aria-label="More of the trail" className="pair">
          {before && <a href={HERE + queryWith(params, {})}>The newest</a>}
          {next && <a href={HERE + queryWith(params, { before: `${next.at}-${next.id}` })}>Older</a>}
        </nav>
      )}
      <p className="hint">
        Of refused log-ins and wrong codes, the first twenty of a kind a day and account are here. The log has all of
        them.
      </p>
      {operator.role === "admin" && (
        <p className="ways">
          <a href={`${HERE}/export${queryWith(params, { format: "csv" })}`}>Export as CSV</a>
          <a href={`${HERE}/export${queryWith(params, { format: "json" })}`}>Export as JSON</a>
        </p>
      )}
    </>
  );
}

function Filters({ params }: { params: Params }) {
  const kinds = Object.entries(TRAIL_WORDS).sort(([, a], [, b]) => a.localeCompare(b, "en"));
  return (
    <search>
      <form className="form search" action={HERE}>
        <div className="filters">
          <Text
            name="account"
            label="Whose account"
            hint="An address, a username, or a number like #42."
            params={params}
          />
          <div className="field">
            <label htmlFor="kind">What</label>
            <p className="hint">What happened, or was done.</p>
            <div className="input-row">
              <select id="kind" name="kind" defaultValue={one(params.kind)}>
                <option value="">Anything</option>
                {kinds.map(([kind, words]) => (
                  <option key={kind} value={kind}>
                    {words}
                  </option>
                ))}
              </select>
            </div>
          </div>
          <Text name="actor" label="Done by" hint="An operator’s address; or “command”, or “system”." params={params} />
          <Day name="from" label="From (UTC)" params={params} />
          <Day name="to" label="To (UTC)" params={params} />
        </div>
        <button type="submit" className="button primary">
          Show
        </button>
      </form>
    </search>
  );
}

type Asked = { name: string; label: string; params: Params };

function Text({ name, label, hint, params }: Asked & { hint: string }) {
  return (
    <div className="field">
      <label htmlFor={name}>{label}</label>
      <p className="hint" id={`${name}-hint`}>
        {hint}
      </p>
      <div className="input-row">
        <input
          id={name}
          name={name}
          type="search"
          defaultValue={one(params[name])}
          aria-describedby={`${name}-hint`}
          autoComplete="off"
          spellCheck={false}
          dir="auto"
        />
      </div>
    </div>
  );
}

function Day({ name, label, params }: Asked) {
  return (
    <div className="field">
      <label htmlFor={name}>{label}</label>
      <div className="input-row">
        <input id={name} name={name} type="date" defaultValue={one(params[name])} />
      </div>
    </div>
  );
}
