import { Agent, request } from "node:http";
import type { Client, Load, Measured } from "./load.ts";

/** A process of its own that calls a server as fast as it answers, so that the two do not share an event loop. */
process.once("message", (load: Load) => {
  measure(load).then((measured) => process.send?.(measured, () => process.exit(0)));
});

async function measure(load: Load): Promise<Measured> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.clients.length });
  await drive(load, agent, load.warmUpMs, []);
  const times: number[] = [];
  const failures: Record<string, number> = {};
  const began = performance.now();
  await drive(load, agent, load.forMs, times, failures);
  const seconds = (performance.now() - began) / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return { requests: times.length, perSecond: times.length / seconds, p50: at(0.5), p99: at(0.99), failures };
}

/** Every client calls, waits for the answer, and calls again, until the time is over or all calls are made. */
async function drive(
  load: Load,
  agent: Agent,
  forMs: number,
  times: number[],
  failures: Record<string, number> = {},
): Promise<void> {
  const end = performance.now() + forMs;
  const isOver = () => performance.now() >= end || times.length >= load.atMost;
  await Promise.all(
    load.clients.map(async (client) => {
      while (!isOver()) {
        const began = performance.now();
        const { status, text } = await call(load, client, agent);
        if (status === 200) times.push(performance.now() - began);
        else failures[status] = (failures[status] ?? 0) + 1;
        if (load.isRefresh && status === 200) client.body = { refreshToken: JSON.parse(text).refreshToken };
      }
    }),
  );
}

function call(load: Load, client: Client, agent: Agent): Promise<{ status: number; text: string }> {
  const body = client.body ? JSON.stringify(client.body) : undefined;
  const headers = {
    ...client.headers,
    ...(body ? { "content-type": "application/json", "content-length": Buffer.byteLength(body) } : {}),
  };
  return new Promise((resolve, reject) => {
    const asked = request(load.url, { method: body ? "POST" : "GET", agent, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    asked.on("error", reject);
    asked.end(body);
  });
}
