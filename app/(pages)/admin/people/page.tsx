import { LocalTime } from "#components/local-time.tsx";
import { NothingHere } from "#components/nothing-here.tsx";
import { Notice } from "#components/notice.tsx";
import { PageTitle } from "#components/page-title.tsx";
import { Written } from "#components/written.tsx";
import { type FoundPerson, findPeople } from "#lib/auth/operators/find-people.ts";
import { MESSAGES } from "#lib/pages/messages.ts";
import { NOTICES, noticeOf } from "#lib/pages/notices.ts";
import { requireOperator } from "#lib/pages/operator.ts";
import { peopleQueryOf, personKeyOf, queryWith } from "#lib/pages/people-query.ts";
import { one, type SearchParams } from "#lib/pages/search-params.ts";
import { Standing } from "./standing.tsx";

const HERE = "/admin/people";

/** Everybody who has an account, or those who are looked for; the newest first. */
export default async function PeoplePage({ searchParams }: { searchParams: SearchParams }) {
  const { before, notice: named, problem, ...params } = await searchParams;
  const asked = queryWith(params, {});
  const operator = await requireOperator(HERE + queryWith(params, { before: one(before) }));
  if (!operator) return <NothingHere />;
  const notice = noticeOf(named);
  const { people, next, isCutShort } = await findPeople(peopleQueryOf(params), personKeyOf(before));
  return (
    <>
      <PageTitle title="People" />
      <h1>People</h1>
      {notice && <Notice>{NOTICES[notice]}</Notice>}
      {problem === "not_allowed" && <Notice tone="problem">{MESSAGES.not_allowed}</Notice>}
      <Search params={params} />
      {people.length === 0 ? (
        <p>{isCutShort ? "Nobody yet." : `Nobody${before ? " more" : asked ? " like that" : ""}.`}</p>
      ) : (
        <People people={people} />
      )}
      {isCutShort && <p className="hint">Not all accounts were looked through yet: they are many.</p>}
      {(before || next) && (
        <nav aria-label="More people" className="pair">
          {before && <a href={HERE + asked}>The newest</a>}
          {next && (
            <a href={HERE + queryWith(params, { before: `${next.createdAt}-${next.id}` })}>
              {isCutShort ? "Look further back" : "Older"}
            </a>
          )}
        </nav>
      )}
      {operator.role === "admin" && (
        <p className="ways">
          <a href={`${HERE}/export${queryWith(params, { format: "csv" })}`}>Export as CSV</a>
          <a href={`${HERE}/export${queryWith(params, { format: "json" })}`}>Export as JSON</a>
        </p>
      )}
    </>
  );
}

function Search({ params }: { params: Record<string, string | string[] | undefined> }) {
  const { status, role, since, seen } = params;
  return (
    <search>
      <form className="form search" action={HERE}>
        <div className="field wide">
          <label htmlFor="q">Find</label>
          <p className="hint" id="q-hint">
            The beginning of an address, a name or a username; or a number like #42.
          </p>
          <div className="input-row">
            <input
              id="q"
              name="q"
              type="search"
              defaultValue={one(params.q)}
              aria-describedby="q-hint"
              autoComplete="off"
              spellCheck={false}
              dir="auto"
            />
          </div>
        </div>
        <details className="wide" open={Boolean(one(status) || one(role) || one(since) || one(seen))}>
          <summary>Only some</summary>
          <div className="filters">
            <Choice
              name="status"
              label="Status"
              value={one(status)}
              options={{ "": "Any", active: "Active", unverified: "Not confirmed", blocked: "Blocked" }}
            />
            <Choice
              name="role"
              label="Role"
              value={one(role)}
              options={{ "": "Any or none", support: "Support", admin: "Admin" }}
            />
            <Day name="since" label="Signed up since" value={one(since)} />
            <Day name="seen" label="Seen since" value={one(seen)} />
          </div>
        </details>
        <button type="submit" className="button primary">
          Find
        </button>
      </form>
    </search>
  );
}

type Asked = { name: string; label: string; value: string | undefined };

function Choice({ name, label, value, options }: Asked & { options: Record<string, string> }) {
  return (
    <div className="field">
      <label htmlFor={name}>{label}</label>
      <div className="input-row">
        <select id={name} name={name} defaultValue={value}>
          {Object.entries(options).map(([key, words]) => (
            <option key={key} value={key}>
              {words}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}

function Day({ name, label, value }: Asked) {
  return (
    <div className="field">
      <label htmlFor={name}>{label}</label>
      <div className="input-row">
        <input id={name} name={name} type="date" defaultValue={value} />
      </div>
    </div>
  );
}

function People({ people }: { people: FoundPerson[] }) {
  return (
    <table className="sheet">
      <caption className="unseen">People, the newest first</caption>
      <thead>
        <tr>
          <th scope="col">Address</th>
          <th scope="col">Name</th>
          <th scope="col">Status</th>
          <th scope="col">Signed up</th>
          <th scope="col">Last seen</th>
        </tr>
      </thead>
      <tbody>
        {people.map((one) => (
          <tr key={one.id}>
            <th scope="row">
              <a href={`${HERE}/${one.id}`}>
                <Written>{one.email}</Written>
              </a>
            </th>
            <td data-label="Name">{hasNames(one) && <Names of={one} />}</td>
            <td data-label="Status">
              <Standing of={one} />
            </td>
            <td data-label="Signed up">
              <LocalTime at={one.createdAt} />
            </td>
            <td data-label="Last seen">{one.seenAt === null ? "Not lately" : <LocalTime at={one.seenAt} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const hasNames = ({ firstName, lastName, username }: FoundPerson): boolean =>
  Boolean(firstName || lastName || username);

function Names({ of: { firstName, lastName, username } }: { of: FoundPerson }) {
  const name = `${firstName} ${lastName}`.trim();
  return (
    <>
      {name && <Written>{name}</Written>}
      {username && (
        <span className="hint">
          {" "}
          <Written>{username}</Written>
        </span>
      )}
    </>
  );
}
