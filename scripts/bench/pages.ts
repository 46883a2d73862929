import type { RunningServer } from "#e2e/fixtures/server.ts";
import { scriptBytes, withEmptyPage } from "./empty-page.ts";
import { type Client, load } from "./load.ts";
import { visitors } from "./people.ts";
import { compared, mean, type Row, refuseFailures, say, spread } from "./row.ts";

/** What the pages weigh and how fast they are made, beside an empty page of the same build. */
export function pageRows(): Promise<Row[]> {
  say("pages beside an empty one (builds a copy of the tree)");
  return withEmptyPage(async (server) => [await weightRow(server), ...(await renderRows(server))]);
}

async function weightRow({ url }: RunningServer): Promise<Row> {
  const [page, empty] = [await scriptBytes(`${url}/login`), await scriptBytes(`${url}/empty`)];
  const ratio = page / empty;
  return {
    what: "JavaScript of /login over the wire",
    measured: `${(page / 1024).toFixed(1)} KiB`,
    beside: `${(empty / 1024).toFixed(1)} KiB of an empty page`,
    ratio: ratio.toFixed(2),
    target: "<= 1.15",
    isMet: ratio <= 1.15,
  };
}

const CALLERS = 8;

async function renderRows({ url }: RunningServer): Promise<Row[]> {
  const strangers: Client[] = Array.from({ length: CALLERS }, () => ({ headers: {} }));
  const members = await visitors(url, CALLERS);
  const asked = {
    empty: { url: `${url}/empty`, clients: strangers },
    login: { url: `${url}/login`, clients: strangers },
    // The same cookies, so that both are renewed, or not, by the same middleware.
    "empty, signed in": { url: `${url}/empty`, clients: members },
    account: { url: `${url}/account`, clients: members },
  };
  const found: Record<string, number[]> = {};
  // In turns, so that whatever else the machine does meets all. The first two rounds only warm up.
  for (let round = -2; round < 6; round += 1)
    for (const [name, what] of Object.entries(asked)) {
      const { perSecond, failures } = await load({ ...what, forMs: 2_000 });
      refuseFailures(failures);
      if (round >= 0) found[name] = [...(found[name] ?? []), perSecond];
    }
  const row = (page: string, ours: number[] = [], empty: number[] = []): Row => ({
    what: `${page}, pages/s, ${CALLERS} callers`,
    measured: spread(ours),
    beside: `${spread(empty)} of an empty page`,
    ...compared(mean(ours), mean(empty), 0.7),
  });
  return [row("/login", found.login, found.empty), row("/account", found.account, found["empty, signed in"])];
}
