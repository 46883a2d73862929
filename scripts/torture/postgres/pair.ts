import { rmSync } from "node:fs";
import { newDatabase } from "#e2e/fixtures/postgres/databases.ts";
import { type PostgresServer, startPostgres } from "#e2e/fixtures/postgres/server.ts";
import { dispose, launchServer, type RunningServer, type Settings } from "#e2e/fixtures/server.ts";
import type { World } from "../life.ts";
import { type Balancer, startProxy } from "./proxy.ts";

/** Two copies of the server behind a proxy, over one PostgreSQL that keeps what it acknowledges. */
export type Pair = {
  postgres: PostgresServer;
  copies: RunningServer[];
  proxy: Balancer;
  /** The two as one, the way callers meet them. */
  world: World;
  /** Each copy in turn, for calls that must be spread over both. */
  next(): RunningServer;
  /** Ends one copy and starts it anew; the proxy leads to it again once it is ready. */
  replace(n: number, signal: NodeJS.Signals): Promise<Replaced>;
  dispose(): Promise<void>;
};

/** Which copy ended, when it was told to and when it had (by `Date.now()`). */
export type Replaced = { port: number; toldAt: number; endedAt: number };

let started: Promise<PostgresServer> | undefined;

/** One for all the faults: it ends with this process. */
export function postgresOfFaults(): Promise<PostgresServer> {
  started ??= startPostgres({ fsync: "on" });
  return started;
}

/** `each` has the settings of one copy on top of those of both. */
export async function startPair({
  both = {},
  each = [{}, {}],
}: {
  both?: Settings;
  each?: Settings[];
} = {}): Promise<Pair> {
  const postgres = await postgresOfFaults();
  const DATABASE_URL = await newDatabase(Promise.resolve(postgres));
  return { ...(await startCopies(DATABASE_URL, { both, each })), postgres };
}

/** The same over a store that is already there. */
export async function startCopies(
  DATABASE_URL: string,
  { both = {}, each = [{}, {}] }: { both?: Settings; each?: Settings[] } = {},
): Promise<Omit<Pair, "postgres">> {
  const proxy = await startProxy();
  const settings = { ...both, DATABASE_URL, APP_URL: proxy.url };
  const copies = await Promise.all(each.map((own) => launchServer({ ...settings, ...own })));
  const lead = () => proxy.lead(copies.map(portOf));
  lead();
  const [first] = copies as [RunningServer];
  let turn = 0;
  return {
    copies,
    proxy,
    world: { url: proxy.url, env: first.env },
    next: () => copies[turn++ % copies.length] as RunningServer,
    async replace(n, signal) {
      const copy = copies[n] as RunningServer;
      const toldAt = Date.now();
      await copy.stop(signal);
      const endedAt = Date.now();
      copies[n] = await launchServer({ ...settings, ...each[n] });
      lead();
      return { port: portOf(copy), toldAt, endedAt };
    },
    async dispose() {
      proxy.stop();
      await Promise.all(copies.map(dispose));
      const { DATA_DIR } = first.env;
      if (DATA_DIR) rmSync(DATA_DIR, { recursive: true, force: true });
    },
  };
}

const portOf = ({ env }: RunningServer): number => Number(env.PORT);
