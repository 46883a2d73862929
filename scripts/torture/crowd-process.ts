import { Agent, type RequestOptions, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { clientAddress, person } from "#e2e/fixtures/person.ts";
import type { Timed } from "./visits.ts";

/**
 * A crowd in a process of its own: everybody logs in at once, and whoever is refused comes again when the answer said, for
 * as long as this was told. Sends what it was answered, and ends. As lean as can be, or it would measure itself: by number,
 * since `localhost` is looked up four at a time, and through no more than Node's own client.
 */
// Its own code is compiled before it counts.
const [port = "", size = "", forMs = ""] = process.argv.slice(2);
for (let n = 0; n < 300; n += 1) await fromOne("/health/live", "GET");
// So is each one's connection opened: what three hundred of them cost this process is no time of the server's.
const crowd = Array.from({ length: Number(size) }, () => logInFrom(clientAddress()));
await Promise.all(crowd.map(({ connect }) => connect()));
const end = performance.now() + Number(forMs);
const answers: Timed[] = [];

await Promise.all(
  crowd.map(async ({ logIn }) => {
    while (performance.now() < end) {
      const answer = await logIn();
      answers.push(answer);
      await pause(answer.status === 503 ? 2_000 : 100);
    }
  }),
);
process.send?.(answers, () => process.exit(0));

function logInFrom(address: string): { connect: () => Promise<Timed>; logIn: () => Promise<Timed> } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const { email, password } = person();
  const body = JSON.stringify({ email, password });
  const headers = {
    "x-forwarded-for": address,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  };
  return {
    connect: () => fromOne("/health/live", "GET", { agent }),
    logIn: () => fromOne("/auth/login", "POST", { agent, headers }, body),
  };
}

function fromOne(path: string, method: string, more: RequestOptions = {}, body?: string): Promise<Timed> {
  return new Promise((resolve) => {
    const began = performance.now();
    const said = (status: number) => resolve({ status, time: performance.now() - began });
    request({ host: "127.0.0.1", port, path, method, ...more }, (response) => {
      response.resume().once("end", () => said(response.statusCode ?? 0));
    })
      .once("error", () => said(0))
      .end(body);
  });
}
