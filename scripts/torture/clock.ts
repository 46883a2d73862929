import { api } from "#e2e/fixtures/api.ts";
import { clientAddress } from "#e2e/fixtures/person.ts";
import { dispose, launchServer } from "#e2e/fixtures/server.ts";
import { change } from "#e2e/fixtures/store.ts";
import type { Row } from "./row.ts";
import { member } from "./visits.ts";

const HOUR = 60 * 60_000;
/** The longest pause of the limit on wrong passwords. */
const LONGEST = 15 * 60;

/** The clock is set back an hour while limits are shut: to the rows that is as if they had been written an hour ahead. */
export async function clock(): Promise<Row> {
  const server = await launchServer();
  try {
    const { email } = await member(server);
    const caller = api(server.url, { "x-forwarded-for": clientAddress() });
    const guess = () => caller.post("/auth/login", { email, password: "wrong, wrong, wrong" });
    const shut = async () => {
      while ((await guess()).status !== 429);
    };
    await shut();
    await change(
      server,
      "update limits set resets_at = resets_at + ?, blocked_until = blocked_until + ? where blocked_until > 0",
      HOUR,
      HOUR,
    );
    const first = await guess();
    await shut();
    const wait = Number((await guess()).headers.get("retry-after"));
    return {
      fault: "clock set back an hour, with a limit shut",
      figure: `no wait longer than ${LONGEST} s`,
      reached: `then answered ${first.status}; shut anew for ${wait} s`,
      isMet: first.status === 400 && wait > 0 && wait <= LONGEST,
    };
  } finally {
    await dispose(server);
  }
}
