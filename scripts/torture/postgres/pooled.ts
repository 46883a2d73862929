import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "#e2e/fixtures/free-port.ts";
import { newDatabase } from "#e2e/fixtures/postgres/databases.ts";
import { judge, leadLives } from "../life.ts";
import type { Row } from "../row.ts";
import { postgresOfFaults, startCopies } from "./pair.ts";

const PROGRAM = "/usr/sbin/pgbouncer";
const FOR_MS = 20_000;
const LANES = 8;
/** Fewer connections than the copies would open, so that transactions of both do share them. */
const SHARED = 4;
/** PgBouncer refuses to run as root; any other user will do. */
const owner = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : undefined;

/** Two copies behind PgBouncer in transaction mode, which gives each transaction whatever connection is free. */
export async function pooled(): Promise<Row[]> {
  const fault = "two copies behind PgBouncer, transaction mode";
  if (!existsSync(PROGRAM))
    return [{ fault, figure: "a pooler", reached: "needs apt-get install pgbouncer", isMet: false, skipped: true }];
  const direct = new URL(await newDatabase(postgresOfFaults()));
  const bouncer = await startBouncer(direct);
  const pair = await startCopies(bouncer.url);
  const lives = leadLives(LANES, () => pair.world);
  try {
    await pause(FOR_MS);
    await lives.stop();
    const { statuses, failed, answers } = await pair.proxy.report();
    const wrong = Object.entries(statuses).filter(([status]) => status >= "500");
    return [
      {
        fault,
        figure: "every request answered, none with 5xx",
        reached: `${answers} answered, ${failed.length} not${wrong.length > 0 ? `, ${JSON.stringify(Object.fromEntries(wrong))}` : ""}`,
        isMet: answers > 0 && failed.length === 0 && wrong.length === 0,
      },
      { fault, figure: "0 lost + 0 without mail, of each kind", ...(await judge(pair.world, lives.effects)) },
    ];
  } finally {
    await lives.stop();
    await pair.dispose();
    bouncer.stop();
  }
}

async function startBouncer(to: URL): Promise<{ url: string; stop(): void }> {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-bouncer-"));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const name = to.pathname.slice(1);
  const config = join(folder, "pgbouncer.ini");
  writeFileSync(
    config,
    `[databases]
${name} = host=${to.hostname} port=${to.port} user=${to.username}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${SHARED}
max_client_conn = 200
`,
  );
  const child = spawn(PROGRAM, [config], { ...owner, stdio: "ignore" });
  const stop = () => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", stop);
  return { url: Object.assign(new URL(to), { port: String(port) }).href, stop };
}
