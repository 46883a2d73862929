import { NothingHere } from "#components/nothing-here.tsx";
import { Notice } from "#components/notice.tsx";
import { PageTitle } from "#components/page-title.tsx";
import { Written } from "#components/written.tsx";
import { seenPerson } from "#lib/auth/operators/person.ts";
import { requireOperator } from "#lib/pages/operator.ts";
import { ACTS, isAct, leastFor, numberIn, stampOf } from "../acts.ts";
import { ActForm } from "./act-form.tsx";

/** One thing that can be done to an account: what will happen, and why it is done. */
export default async function ActPage({ params }: { params: Promise<{ id: string; act: string }> }) {
  const { id, act } = await params;
  const here = `/admin/people/${encodeURIComponent(id)}/${encodeURIComponent(act)}`;
  const operator = await requireOperator(here);
  if (!operator) return <NothingHere />;
  const number = numberIn(id);
  const seen = number === undefined ? undefined : await seenPerson(number);
  if (!seen || !isAct(act)) return <NothingHere />;
  if (leastFor(act, seen) === "admin" && operator.role !== "admin") return <NothingHere />;
  const { title, fits, will, submit, look } = ACTS[act];
  const { account, role } = seen;
  const name = `${account.firstName} ${account.lastName}`.trim();
  return (
    <>
      <PageTitle title={title} />
      <h1>{title}</h1>
      <p>
        It is about the account of{" "}
        <b>
          <Written>{account.email}</Written>
        </b>
        {name && (
          <>
            {" "}
            (<Written>{name}</Written>)
          </>
        )}
        , #{account.id}.
      </p>
      {fits(seen) ? (
        <>
          <ul className="steps">
            {will.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
          <ActForm act={act} account={account.id} seen={stampOf(seen)} role={role} words={{ title, submit, look }} />
        </>
      ) : (
        <Notice tone="problem">As this account is now, there is nothing to do. It may have been done already.</Notice>
      )}
      <p className="ways">
        <a href={`/admin/people/${account.id}`}>Back to the account</a>
      </p>
    </>
  );
}
