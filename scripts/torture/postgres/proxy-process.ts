import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Report } from "./proxy.ts";

/**
 * A load balancer as small as can be, in a process of its own: each request goes to the next copy in turn; where nobody
 * listens, to the one after. A request that has been sent is never sent again, since it may have been carried out.
 * It hands headers on as they came: each caller here says itself in X-Forwarded-For who it is.
 */

const agent = new Agent({ keepAlive: true });
let ports: number[] = [];
let turn = 0;
let report = nothingYet();

function nothingYet(): Report {
  return { answers: 0, statuses: {}, failed: [], slowest: { ms: 0, what: "" } };
}

process.on("message", (message: number[] | "report") => {
  if (message !== "report") {
    ports = message;
    return;
  }
  process.send?.(report);
  report = nothingYet();
});
process.on("disconnect", () => process.exit());

const server = createServer(async (asked, answer) => {
  const chunks: Buffer[] = [];
  for await (const chunk of asked) chunks.push(chunk);
  await balance(asked, Buffer.concat(chunks), answer);
});
server.listen(0, () => process.send?.((server.address() as AddressInfo).port));

async function balance(asked: IncomingMessage, body: Buffer, answer: ServerResponse): Promise<void> {
  const began = performance.now();
  const from = Date.now();
  turn += 1;
  const first = turn;
  const what = `${asked.method} ${asked.url?.split("?")[0]}`;
  for (let n = 0; n < ports.length; n += 1) {
    const port = ports[(first + n) % ports.length] ?? 0;
    const end = await hand(asked, body, port, answer);
    if (end === "ECONNREFUSED") continue;
    if (typeof end === "string") return fail(answer, { what, port, code: end, from, to: Date.now() });
    report.answers += 1;
    report.statuses[end] = (report.statuses[end] ?? 0) + 1;
    const ms = performance.now() - began;
    if (ms > report.slowest.ms) report.slowest = { ms, what };
    return;
  }
  fail(answer, { what, port: 0, code: "nobody listens", from, to: Date.now() });
}

/** Resolves with the status that was answered, or with the code of what went wrong. */
function hand(asked: IncomingMessage, body: Buffer, port: number, answer: ServerResponse): Promise<number | string> {
  return new Promise((resolve) => {
    const { method, url, headers } = asked;
    const failed = (error: NodeJS.ErrnoException) => resolve(error.code ?? "unknown");
    const { connection, "transfer-encoding": _, ...passed } = headers;
    request(
      { port, method, path: url, agent, headers: { ...passed, "content-length": body.length } },
      (answered: IncomingMessage) => {
        const { connection: _own, ...rest } = answered.headers;
        answer.writeHead(answered.statusCode ?? 502, rest);
        answered.pipe(answer);
        answered.once("error", failed);
        answered.once("end", () => resolve(answered.statusCode ?? 502));
      },
    )
      .once("error", failed)
      .end(body);
  });
}

function fail(answer: ServerResponse, failure: Report["failed"][number]): void {
  report.failed.push(failure);
  if (answer.headersSent) answer.destroy();
  else answer.writeHead(502).end();
}
