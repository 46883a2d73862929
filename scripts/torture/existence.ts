import { howWellTimeTells, SHUT_DOORS } from "#e2e/fixtures/existence.ts";
import { dispose, launchServer } from "#e2e/fixtures/server.ts";
import type { Row } from "./row.ts";

const CALLS = 500;
const MARK = 0.55;

/** Five hundred calls for members and as many for nobodies, at each door that must not tell them apart. */
export async function existence(): Promise<Row[]> {
  const server = await launchServer({ HIDE_ACCOUNTS: "true", BCRYPT_COST: "4" });
  try {
    const rows: Row[] = [];
    for (const door of SHUT_DOORS) {
      const statistic = await howWellTimeTells(server, door, CALLS);
      rows.push({
        fault: `${CALLS} + ${CALLS} times ${door.name}, by the time it takes`,
        figure: `rank statistic <= ${MARK}`,
        reached: statistic.toFixed(3),
        isMet: Math.max(statistic, 1 - statistic) <= MARK,
      });
    }
    return rows;
  } finally {
    await dispose(server);
  }
}
