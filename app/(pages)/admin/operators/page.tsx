import { LocalTime } from "#components/local-time.tsx";
import { NothingHere } from "#components/nothing-here.tsx";
import { PageTitle } from "#components/page-title.tsx";
import { Written } from "#components/written.tsx";
import { operators } from "#lib/auth/operators/roles.ts";
import { requireOperator } from "#lib/pages/operator.ts";
import { ROLE_WORDS } from "#lib/pages/role-words.ts";
import { Standing } from "../people/standing.tsx";

/** Who has a role. */
export default async function OperatorsPage() {
  const operator = await requireOperator("/admin/operators");
  if (!operator) return <NothingHere />;
  const all = await operators();
  return (
    <>
      <PageTitle title="Operators" />
      <h1>Operators</h1>
      <p>
        Support looks at people and mail, sends mail again, logs people out, forces a new password and blocks. An admin
        also gives roles, exports, deletes and removes apps for codes.
      </p>
      <table className="sheet">
        <caption className="unseen">Who has a role, the admins first</caption>
        <thead>
          <tr>
            <th scope="col">Address</th>
            <th scope="col">Role</th>
            <th scope="col">Status</th>
            <th scope="col">Since</th>
          </tr>
        </thead>
        <tbody>
          {all.map((one) => (
            <tr key={one.id}>
              <th scope="row">
                <a href={`/admin/people/${one.id}`}>
                  <Written>{one.email}</Written>
                </a>
              </th>
              <td data-label="Role">{ROLE_WORDS[one.role]}</td>
              <td data-label="Status">
                <Standing of={{ status: one.status, deletesAt: null }} />
              </td>
              <td data-label="Since">
                <LocalTime at={one.grantedAt} withTime={false} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {operator.role === "admin" && (
        <p className="hint">
          To give somebody a role, find them among the <a href="/admin/people">people</a> and choose “Change the role”.
        </p>
      )}
    </>
  );
}
