import { Agent, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { dispose, launchServer } from "#e2e/fixtures/server.ts";
import type { Row } from "./row.ts";

const CONNECTIONS = 345;
const PATHS = ["/api/auth/me", "/login", "/health/live", "/.well-known/jwks.json"];

/** SIGTERM while everybody calls, each over one connection that is kept alive. */
export async function stopped(): Promise<Row> {
  const server = await launchServer();
  try {
    const ends: Record<string, number> = {};
    let answers = 0;
    const callers = Array.from({ length: CONNECTIONS }, async (_, n) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      let end: string | undefined;
      while (!end) {
        const said = await call(server.url + PATHS[n % PATHS.length], agent);
        answers += 1;
        if (said !== "keep-alive") end = said;
        // People pause between two clicks, so some connections are idle when the signal comes.
        else await pause(Math.random() * 200);
      }
      ends[end] = (ends[end] ?? 0) + 1;
    });
    while (answers < 3 * CONNECTIONS) await pause(50);
    const ending = await server.stop("SIGTERM");
    await Promise.all(callers);
    return {
      fault: `SIGTERM under load, ${CONNECTIONS} connections kept alive`,
      figure: "0 reset, exit 0",
      reached: `${CONNECTIONS - (ends.close ?? 0)} reset${ends.close === CONNECTIONS ? "" : ` (${JSON.stringify(ends)})`}, exit ${ending.code ?? ending.signal}`,
      isMet: ends.close === CONNECTIONS && ending.code === 0,
    };
  } finally {
    await dispose(server);
  }
}

/** What the answer's `Connection` says, or how the call failed. */
function call(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve) => {
    request(url, { agent }, (response) => {
      response.resume();
      response.once("end", () => resolve(response.headers.connection ?? "nothing"));
      response.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "error"));
    })
      .once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "error"))
      .end();
  });
}
