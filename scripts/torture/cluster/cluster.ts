import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { freePort } from "#e2e/fixtures/free-port.ts";
import { poll } from "#e2e/fixtures/poll.ts";
import type { ClusterPrograms } from "./programs.ts";

/**
 * Three machines on loopback, each with etcd, Patroni and PostgreSQL, and HAProxy before them: by the very files of
 * deploy/cluster, with ports in place of addresses.
 */
export type Cluster = {
  /** Where the primary answers, whichever it is. */
  url: string;
  /** Ends Patroni and PostgreSQL of the primary as a power cut would. Resolves with which it was. */
  killPrimary(): Promise<number>;
  /** Starts it again. */
  startAgain(n: number): void;
  /** Waits until there is a primary, and both others follow it, one of them in step. */
  isWhole(within: number): Promise<unknown>;
  dispose(): void;
};

const NODES = [0, 1, 2];
/** PostgreSQL refuses to run as root; any other user will do. */
const owner = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : undefined;

export async function startCluster(programs: ClusterPrograms): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-cluster-"));
  chmodSync(folder, 0o755);
  const running = new Set<ChildProcess>();
  const start = (name: string, command: string, args: string[], env: Record<string, string> = {}): ChildProcess => {
    const log = openSync(join(folder, `${name}.log`), "a");
    const child = spawn(command, args, {
      ...owner,
      cwd: folder,
      env: { PATH: process.env.PATH, LANG: "C.UTF-8", ...env } as unknown as NodeJS.ProcessEnv,
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    running.add(child);
    child.once("exit", () => running.delete(child));
    return child;
  };
  const end = () => {
    for (const child of running) killTree(child.pid ?? 0);
    for (const n of NODES) killTree(postmasterIn(dataOf(folder, n)));
  };
  process.once("exit", () => {
    end();
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  });
  const ports = await Promise.all(
    NODES.map(async () => ({
      peer: await freePort(),
      client: await freePort(),
      patroni: await freePort(),
      postgres: await freePort(),
    })),
  );
  startEtcd(programs, folder, ports, start);
  const passwords = Object.fromEntries(
    ["SUPERUSER_PASSWORD", "REPLICATION_PASSWORD", "REWIND_PASSWORD"].map((name) => [
      name,
      randomBytes(12).toString("hex"),
    ]),
  );
  const configs = ports.map((own, n) =>
    writeConfig(folder, n, {
      ...passwords,
      NAME: `node${n}`,
      ADDRESS: "127.0.0.1",
      NETWORK: "127.0.0.1/32",
      PATRONI_PORT: String(own.patroni),
      POSTGRES_PORT: String(own.postgres),
      ETCD_HOSTS: ports.map(({ client }) => `127.0.0.1:${client}`).join(","),
      DATA: dataOf(folder, n),
      SOCKETS: folder,
      BIN: programs.postgres,
    }),
  );
  const patronis = configs.map((config, n) => start(`patroni${n}`, programs.patroni, [config]));
  const port = await freePort();
  startHaproxy(programs, ports, port, start);
  const roleOf = (n: number) => roleAt(ports[n]?.patroni ?? 0);
  const isWhole = (within: number) =>
    poll(async () => (await Promise.all(NODES.map(roleOf))).toSorted().join() === "follows,in step,primary", {
      what: "a cluster that is whole",
      within,
    });
  await isWhole(120_000).catch((error) => {
    throw new Error(`${error.message}\n${readFileSync(join(folder, "patroni0.log"), "utf8").slice(-2_000)}`);
  });
  const password = passwords.SUPERUSER_PASSWORD;
  const database = await makeDatabase(`postgres://postgres:${password}@127.0.0.1:${port}/postgres`);
  return {
    url: database,
    isWhole,
    async killPrimary() {
      const roles = await Promise.all(NODES.map(roleOf));
      const n = roles.indexOf("primary");
      // Patroni first, which would otherwise start PostgreSQL again.
      killTree(patronis[n]?.pid ?? 0);
      killTree(postmasterIn(dataOf(folder, n)));
      return n;
    },
    startAgain(n) {
      patronis[n] = start(`patroni${n}`, programs.patroni, [configs[n] ?? ""]);
    },
    dispose: end,
  };
}

type Ports = { peer: number; client: number; patroni: number; postgres: number };
type Start = (name: string, command: string, args: string[], env?: Record<string, string>) => ChildProcess;

function startEtcd({ etcd }: ClusterPrograms, folder: string, ports: Ports[], start: Start): void {
  const at = (port: number) => `http://127.0.0.1:${port}`;
  const everyone = ports.map(({ peer }, n) => `etcd${n}=${at(peer)}`).join(",");
  for (const [n, { peer, client }] of ports.entries()) {
    const data = join(folder, `etcd${n}`);
    mkdirSync(data, { mode: 0o700 });
    if (owner) chownSync(data, owner.uid, owner.gid);
    start(`etcd${n}`, etcd, [
      "--name",
      `etcd${n}`,
      "--data-dir",
      data,
      "--listen-peer-urls",
      at(peer),
      "--initial-advertise-peer-urls",
      at(peer),
      "--listen-client-urls",
      at(client),
      "--advertise-client-urls",
      at(client),
      "--initial-cluster",
      everyone,
      "--initial-cluster-state",
      "new",
    ]);
  }
}

function startHaproxy({ haproxy }: ClusterPrograms, ports: Ports[], port: number, start: Start): void {
  const env: Record<string, string> = { LISTEN: `127.0.0.1:${port}` };
  for (const [n, { postgres, patroni }] of ports.entries()) {
    env[`POSTGRES_${n + 1}`] = `127.0.0.1:${postgres}`;
    env[`PATRONI_PORT_${n + 1}`] = String(patroni);
  }
  start("haproxy", haproxy, ["-f", join(process.cwd(), "deploy/cluster/haproxy.cfg"), "-db"], env);
}

const dataOf = (folder: string, n: number): string => join(folder, `data${n}`);

function writeConfig(folder: string, n: number, values: Record<string, string>): string {
  const data = dataOf(folder, n);
  mkdirSync(data, { mode: 0o700 });
  const file = join(folder, `patroni${n}.yml`);
  writeFileSync(file, fill(readFileSync("deploy/cluster/patroni.yml", "utf8"), values), { mode: 0o600 });
  if (owner) for (const path of [data, file, folder]) chownSync(path, owner.uid, owner.gid);
  return file;
}

/** What `envsubst` does. */
const fill = (text: string, values: Record<string, string>): string =>
  text.replace(/\$\{(\w+)\}/g, (_, name) => values[name] ?? "");

/** What Patroni says this node is. */
async function roleAt(port: number): Promise<"primary" | "in step" | "follows" | "away"> {
  const is = (path: string) =>
    fetch(`http://127.0.0.1:${port}/${path}`).then(
      ({ ok }) => ok,
      () => false,
    );
  if (await is("primary")) return "primary";
  if (await is("sync")) return "in step";
  return (await is("replica")) ? "follows" : "away";
}

async function makeDatabase(url: string): Promise<string> {
  const client = new pg.Client(url);
  await client.connect();
  const password = randomBytes(12).toString("hex");
  await client.query(`create role latchkey login password '${password}'`);
  await client.query("create database latchkey owner latchkey");
  await client.end();
  return Object.assign(new URL(url), { username: "latchkey", password, pathname: "/latchkey" }).href;
}

/** PostgreSQL's first process, which Patroni sets free: it is nobody's child. 0 where there is none. */
function postmasterIn(data: string): number {
  try {
    const pid = Number(readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[0]);
    // The file of one that was killed stays, and its number may be somebody else's by now.
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(data) ? pid : 0;
  } catch {
    return 0;
  }
}

/** The process and all that it started, at once and without a word. */
function killTree(pid: number): void {
  if (pid === 0) return;
  for (const one of [pid, ...descendants(pid)])
    try {
      process.kill(one, "SIGKILL");
    } catch {
      // It has ended already.
    }
}

function descendants(pid: number): number[] {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), parent: parentOf(name) }));
  const below = (of: number): number[] =>
    parents.filter(({ parent }) => parent === of).flatMap(({ pid: child }) => [child, ...below(child)]);
  return below(pid);
}

function parentOf(pid: string): number {
  try {
    return Number(/\) \S+ (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1]);
  } catch {
    return 0;
  }
}
