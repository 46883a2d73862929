import { loadavg } from "node:os";
import { addApp } from "#e2e/fixtures/authenticator.ts";
import { memberOf } from "#e2e/fixtures/member.ts";
import { giveRole } from "#e2e/fixtures/operator.ts";
import { launchServer } from "#e2e/fixtures/server.ts";
import { accountOf, isPostgres, runScript } from "#e2e/fixtures/store.ts";
import { build } from "../build.ts";
import { type GrownStore, grow } from "./growth/grow.ts";

/**
 * `node scripts/with-node.mjs scripts/bench/console.ts [sqlite|postgres] [size]`: how long the pages of the console take with a million
 * accounts and a million rows in the audit trail, asked one after the other. Needs 3 GB on the disk of the temporary folder, and ten minutes.
 */

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const asked = process.argv.slice(2);
const engines = (["sqlite", "postgres"] as const).filter(
  (one) => asked.includes(one) || !asked.some((word) => /^[a-z]/.test(word)),
);
const SIZE = Number(asked.find((word) => /^\d+$/.test(word)) ?? 1_000_000);
const TIMES = 30;
const MOST_MS = 200;
const DAY = 24 * 60 * 60_000;

/** When the first of them signed up; each after that a millisecond later. */
const FIRST = Math.floor(Date.now() / DAY) * DAY - DAY;

/** What is asked, from the cheapest to what finds nobody among all. */
const PAGES: Record<string, string> = {
  overview: "/admin",
  "people, the newest": "/admin/people",
  "people, page 400": `/admin/people?before=${FIRST + SIZE - 20_000}-${SIZE - 20_000}`,
  "an address": "/admin/people?q=grown-77777%40",
  "the beginning of all addresses": "/admin/people?q=grown-",
  "a rare last name": "/admin/people?q=rareley4711",
  "a common first name": "/admin/people?q=mary",
  "first and last name": "/admin/people?q=mary%20rareley47",
  "a name that nobody has": "/admin/people?q=nobody-has-this",
  "blocked, nobody else": "/admin/people?status=blocked",
  "a common name, seen tomorrow: nobody": "/admin/people?q=mary&seen=2099-01-01",
  "signed up since yesterday, nobody seen since": "/admin/people?since=2020-01-01&seen=2099-01-01",
  "one person": "/admin/people/77777",
  "mail, waiting": "/admin/mail",
  invitations: "/admin/invitations",
  "the trail, the newest": "/admin/trail",
  "the trail of one account": "/admin/trail?account=%2377777",
  "the trail of one kind and month": "/admin/trail?kind=log_in_refused&from=2020-01-01",
  "the trail of an act nobody did": "/admin/trail?kind=account_blocked&actor=command",
};

await build();
console.log(`  load ${loadavg()[0]?.toFixed(1)}`);
let isMissed = false;
for (const engine of engines) {
  const store = await grow(engine, SIZE);
  try {
    await fill(store);
    await measure(engine, store);
  } finally {
    await store.remove();
  }
}
process.exit(isMissed ? 1 : 0);

/** Names for everybody, a few who are blocked, and the trail of thirty days. */
async function fill({ DATABASE_URL }: GrownStore): Promise<void> {
  const server = { env: { DATABASE_URL } };
  const then = Date.now() - 30 * DAY;
  const day = Math.floor(then / DAY) * DAY;
  await runScript(
    server,
    `update accounts set created_at = ${FIRST} + id, last_name = 'Rareley' || id, first_name = case when id % 50 = 0 then 'Mary' else 'Name' || id % 977 end,
      status = case when id % 5000 = 0 then 2 else 1 end;
    delete from trail; delete from trail_head; delete from daily_counts;
    insert into trail (at, kind, account_id, sub, seq, hash)
      select ${then} + id * ${Math.floor((30 * DAY) / SIZE)}, case when id % 9 = 0 then 'log_in_refused' else 'log_in' end, 1 + (id * 7919) % ${SIZE}, sub, id, 'x'
      from accounts;
    insert into daily_counts (day, kind, count)
      with recursive n (i) as (select 0 union all select i + 1 from n where i < 30) select ${day} + cast(i as bigint) * ${DAY}, kind, 1000 + i from n,
      (select 'log_in' as kind union all select 'sign_up' union all select 'log_in_refused' union all select 'mail_sent' union all select 'reset_done') as kinds;
    ${isPostgres(server) ? "" : "analyze;"}`,
  );
  if (isPostgres(server)) for (const table of ["accounts", "trail"]) await runScript(server, `vacuum analyze ${table}`);
  // The chain goes on where the made one ends.
  await runScript(
    server,
    `insert into trail_head (id, seq, hash) values (1, ${SIZE}, 'x') on conflict (id) do update set seq = ${SIZE}`,
  );
}

async function measure(engine: string, { DATABASE_URL }: GrownStore): Promise<void> {
  const server = await launchServer({ DATABASE_URL, SKIP_WARM_UP: undefined });
  try {
    const who = await memberOf(server);
    const { visitor } = await addApp(server, who);
    await giveRole(server, (await accountOf(server, who.email)).id, "admin");
    console.log(`\n  ${engine}, ${SIZE.toLocaleString("en")} accounts: ms, the middle and the slowest of ${TIMES}`);
    for (const [what, path] of Object.entries(PAGES)) {
      const taken: number[] = [];
      for (let n = 0; n < TIMES + 3; n++) {
        const began = performance.now();
        const { status } = await visitor.open(path);
        if (status !== 200) throw new Error(`${path} answered ${status}`);
        if (n >= 3) taken.push(performance.now() - began);
      }
      taken.sort((a, b) => a - b);
      const [middle = 0, most = 0] = [taken[Math.floor(TIMES / 2)], taken.at(-1)];
      isMissed ||= middle > MOST_MS;
      console.log(
        `  ${what.padEnd(46)} ${middle.toFixed(0).padStart(5)} ${most.toFixed(0).padStart(5)}${middle > MOST_MS ? "  NOT MET" : ""}`,
      );
    }
  } finally {
    await server.stop();
  }
}
