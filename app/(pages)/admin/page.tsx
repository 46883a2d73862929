import { BarChart } from "#components/bar-chart.tsx";
import { NothingHere } from "#components/nothing-here.tsx";
import { Notice } from "#components/notice.tsx";
import { PageTitle } from "#components/page-title.tsx";
import { concerns, type Drawn, figures } from "#lib/auth/operators/overview.ts";
import { NOTICES, noticeOf } from "#lib/pages/notices.ts";
import { requireOperator } from "#lib/pages/operator.ts";
import type { SearchParams } from "#lib/pages/search-params.ts";
import { NeedsALook } from "./needs-a-look.tsx";

const CHARTS: Record<Drawn, { title: string; hint?: string }> = {
  signUps: { title: "Sign-ups" },
  logIns: { title: "Log-ins" },
  refusals: { title: "Refusals", hint: "Log-ins and codes; the first twenty of a kind a day and account." },
  resets: { title: "Resets", hint: "New passwords set by mail." },
  mails: { title: "Mails sent" },
};

/** How the last thirty days went, and what needs a look. */
export default async function OverviewPage({ searchParams }: { searchParams: SearchParams }) {
  if (!(await requireOperator("/admin"))) return <NothingHere />;
  const notice = noticeOf((await searchParams).notice);
  const series = await figures();
  return (
    <>
      <PageTitle title="Overview" />
      <h1>Overview</h1>
      {notice && <Notice>{NOTICES[notice]}</Notice>}
      <NeedsALook concerns={await concerns(series)} />
      <section aria-labelledby="days">
        <h2 id="days">The last 30 days</h2>
        <div className="charts">
          {(Object.keys(CHARTS) as Drawn[]).map((name) => (
            <BarChart key={name} {...CHARTS[name]} series={series[name]} />
          ))}
        </div>
      </section>
    </>
  );
}
