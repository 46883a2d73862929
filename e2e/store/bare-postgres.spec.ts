import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type Socket } from "node:net";
import { dropDatabase, newDatabase } from "#e2e/fixtures/postgres/databases.ts";
import { rows } from "#e2e/fixtures/store.ts";
import { api, clientAddress, expect, mailsTo, person, poll, test } from "#e2e/fixtures/test.ts";

/**
 * An engine that speaks PostgreSQL's protocol and lacks what only PostgreSQL has: a real one, behind a connection that spoils
 * the words for it. Each has as many letters as what it stands for, so that no length of a message changes.
 */
const SPOILT: Record<string, string> = {
  "listen latchkey_mail": "lissen latchkey_mail",
  pg_notify: "no_notify",
  pg_advisory_xact_lock: "no_advisory_xact_lock",
};

type Bare = { url: string; spoilt: Set<string>; end(): void };

async function withoutExtras(url: string): Promise<Bare> {
  const { hostname, port } = new URL(url);
  const spoilt = new Set<string>();
  const sockets = new Set<Socket>();
  const server: Server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.once("close", () => {
        client.destroy();
        upstream.destroy();
      });
    }
    client.on("data", (asked) => {
      let text = asked.toString("latin1");
      for (const [word, stand_in] of Object.entries(SPOILT))
        if (text.includes(word)) {
          spoilt.add(word);
          text = text.replaceAll(word, stand_in);
        }
      upstream.write(Buffer.from(text, "latin1"));
    });
    upstream.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: Object.assign(new URL(url), { hostname: "127.0.0.1", port: String((server.address() as AddressInfo).port) })
      .href,
    spoilt,
    end: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

test("without LISTEN, NOTIFY and advisory locks two copies start at once on an empty database, and mail goes out", async ({
  startServer,
}) => {
  test.slow();
  const own = await newDatabase();
  const bare = await withoutExtras(own);
  try {
    const settings = { DATABASE_URL: bare.url, APP_URL: "http://localhost:3000" };
    const copies = await Promise.all([startServer(settings), startServer(settings)]);
    const people = Array.from({ length: 12 }, person);
    const signedUp = await Promise.all(
      people.map(({ email, password }, n) =>
        api((copies[n % 2] as (typeof copies)[0]).url, { "x-forwarded-for": clientAddress() }).post("/auth/signup", {
          email,
          password,
        }),
      ),
    );
    expect(signedUp.map(({ status }) => status)).toEqual(people.map(() => 200));
    for (const { email } of people) {
      await poll(async () => (await mailsTo(copies[0].url, email)).length > 0, { what: "a mail", within: 15_000 });
      expect(await mailsTo(copies[0].url, email)).toHaveLength(1);
    }
    expect(await rows(copies[0], "select 1 from accounts")).toHaveLength(people.length);
    // It was really without.
    expect([...bare.spoilt].sort()).toEqual(Object.keys(SPOILT).sort());
    for (const { log, output } of copies) {
      expect(log().filter(({ event }) => event === "mail_is_polled_for")).toHaveLength(1);
      expect(log().filter(({ status }) => status === 500)).toEqual([]);
      expect(output()).not.toMatch(/no_notify|lissen/);
    }
  } finally {
    bare.end();
    await dropDatabase(own);
  }
});
