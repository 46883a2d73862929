import { connect, type Socket } from "node:net";
import { clientAddress, expect, person, poll, type RunningServer, test } from "#e2e/fixtures/member.ts";
import { rows } from "#e2e/fixtures/store.ts";

/** Callers who hold on to what the server has few of: turns to have a password compared, and memory for answers. */

for (const path of ["/auth/login", "/auth/signup"])
  test(`whoever sends only half of a request to ${path} holds nobody up`, async ({ startServer }) => {
    const server = await startServer();
    const callers = await Promise.all(
      Array.from({ length: 40 }, () =>
        send(server, `${head(path, clientAddress(), `Content-Length: 50\r\n${SAY_SO}`)}{"em`),
      ),
    );
    await Promise.all(callers.map(({ answered }) => answered));
    // The callers themselves are given up only after thirty seconds.
    await expectAtOnce(server, path);
    for (const { socket } of callers) socket.destroy();
  });

test("whoever takes no answer holds up nobody who logs in", async ({ startServer }) => {
  const server = await startServer();
  const callers = await Promise.all(
    Array.from({ length: 12 }, () => {
      const [from, body] = [clientAddress(), JSON.stringify(person())];
      const large = `GET /api/openapi.json HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ${from}\r\n\r\n`;
      // More than a connection holds on its way.
      return send(server, `${large.repeat(100)}${head("/auth/login", from, `Content-Length: ${body.length}`)}${body}`, {
        isDeaf: true,
      });
    }),
  );
  const areIn = async () =>
    server.log().some(({ aborted }) => aborted) ||
    (await rows(server, "select key from limits where key like 'password-name:%'")).length >= 6;
  await poll(areIn, { what: "as many of them as are let in at a time, or somebody cut off" });
  await expectAtOnce(server, "/auth/login");
  for (const { socket } of callers) socket.destroy();
});

test("a connection over which a thousand requests come at once is cut off, and few of them are answered", async ({
  startServer,
}) => {
  const server = await startServer();
  const { closed } = await send(server, "GET /api/openapi.json HTTP/1.1\r\nHost: a\r\n\r\n".repeat(1_000));
  expect((await closed).length).toBeLessThan(10_000_000);
  await poll(() => counted(server, "/api/openapi.json") > 0, { what: "the requests to be logged" });
  expect(counted(server, "/api/openapi.json")).toBeLessThan(50);
});

test("a few requests sent at once over one connection are all answered, in their order", async ({ server }) => {
  const paths = ["/auth/me", "/api/users/none", "/staging/none", "/health/live", "/auth/me"];
  const asked = paths.map(
    (path, n) => `GET ${path} HTTP/1.1\r\nHost: a\r\n${n === paths.length - 1 ? "Connection: close\r\n" : ""}\r\n`,
  );
  const { closed } = await send(server, asked.join(""));
  expect((await closed).match(/HTTP\/1\.1 \d+/g)?.map((line) => Number(line.slice(9)))).toEqual([
    401, 404, 404, 200, 401,
  ]);
});

test("whoever goes away in the middle of a body is told in the log as no fault of ours", async ({ startServer }) => {
  const server = await startServer();
  const paths = ["/verify", "/auth/login", "/staging/user_login", "/api/users/login"];
  for (const path of paths)
    for (const length of ["Content-Length: 50", "Transfer-Encoding: chunked"]) {
      const { socket, answered } = await send(
        server,
        `${head(path, clientAddress(), `${length}\r\n${SAY_SO}`)}3\r\n{"e\r\n`,
      );
      await answered;
      socket.resetAndDestroy();
    }
  await expectAtOnce(server, "/auth/login");
  await poll(() => counted(server, "/verify") === 2, { what: "a line for each" });
  expect(server.log().filter(({ level }) => level === "error")).toEqual([]);
});

/** The server says at once that it has begun to listen. */
const SAY_SO = "Expect: 100-continue";

const head = (path: string, from: string, more: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ${from}\r\nContent-Type: application/json\r\n${more}\r\n\r\n`;

/** Sends the bytes over a connection of their own. `isDeaf`: and reads nothing of what comes back. */
function send(
  server: RunningServer,
  bytes: string,
  { isDeaf = false } = {},
): Promise<{ socket: Socket; answered: Promise<unknown>; closed: Promise<string> }> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect({ host: "localhost", port: Number(new URL(server.url).port) });
    const answered = new Promise((done) => socket.once("data", done));
    const closed = new Promise<string>((done) => socket.once("close", () => done(answer)));
    // Whoever is cut off is told so by an error.
    socket.on("error", () => undefined);
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      answer += chunk;
    });
    if (isDeaf) socket.pause();
    socket.write(bytes, () => resolve({ socket, answered, closed }));
  });
}

const counted = (server: RunningServer, path: string): number =>
  server.log().filter((line) => line.event === "request" && line.path === path).length;

/** Somebody else is answered while the others still hold what they hold. */
async function expectAtOnce(server: RunningServer, path: string): Promise<void> {
  const began = performance.now();
  const answer = await fetch(`${server.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-forwarded-for": clientAddress() },
    body: JSON.stringify(person()),
  });
  expect([200, 404]).toContain(answer.status);
  expect(performance.now() - began).toBeLessThan(10_000);
}
