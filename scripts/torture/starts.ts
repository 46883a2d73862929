import { closeSync, openSync, renameSync, writeSync } from "node:fs";
import { poll } from "#e2e/fixtures/poll.ts";
import { dispose, freePort, launchServer, type RunningServer, spawnServer } from "#e2e/fixtures/server.ts";
import { change, storeFile } from "#e2e/fixtures/store.ts";
import { smallDisk } from "./disk.ts";
import type { Row } from "./row.ts";
import { signUp, timed } from "./visits.ts";

/** Databases on which nothing can be done: a start on one is refused with a sentence, a running server says so. */
export async function starts(): Promise<Row[]> {
  return [...(await refusedStarts()), await notWritable(), await removed()];
}

async function refusedStarts(): Promise<Row[]> {
  const first = await launchServer();
  try {
    await signUp(first);
    const second = await refusal(first, "second server on one database", `process ${first.pid}`);
    await first.stop();
    const later = "insert into __drizzle_migrations (hash, created_at) values ('later', 9e15)";
    await change(first, later);
    const newer = await refusal(first, "database of a newer version", "newer version");
    await change(first, "delete from __drizzle_migrations where hash = 'later'");
    damage(storeFile(first));
    return [second, newer, await refusal(first, "database damaged", "damaged")];
  } finally {
    await dispose(first);
  }
}

async function notWritable(): Promise<Row> {
  const fault = "database not writable";
  const disk = smallDisk(8);
  if (!disk) return { fault, figure: SENTENCE, reached: "needs root, to mount a disk", isMet: false, skipped: true };
  const first = await launchServer({ DATABASE_URL: `file:${disk.folder}/latchkey.db` });
  try {
    await first.stop();
    if (!disk.makeReadOnly()) throw new Error("The disk did not become read-only");
    return await refusal(first, fault, "cannot be");
  } finally {
    await dispose(first);
    disk.remove();
  }
}

async function removed(): Promise<Row> {
  const server = await launchServer();
  try {
    await signUp(server);
    renameSync(storeFile(server), `${storeFile(server)}-gone`);
    await poll(async () => (await timed(`${server.url}/health/ready`)).status === 503, { what: "ready to say 503" });
    const { status } = await signUp(server);
    return {
      fault: "database removed under the server",
      figure: "ready and sign-up 503",
      reached: `ready 503, sign-up ${status}`,
      isMet: status === 503,
    };
  } finally {
    await dispose(server);
  }
}

const SENTENCE = "start refused in a sentence";

async function refusal({ env: { DATABASE_URL } }: RunningServer, fault: string, words: string): Promise<Row> {
  const server = spawnServer(await freePort(), { DATABASE_URL });
  const { code } = await server.ended;
  const said = server.output().trim();
  const isSentence = said.includes(words) && !said.includes("\n");
  return {
    fault,
    figure: SENTENCE,
    reached: `exit ${code}, ${isSentence ? "says so" : JSON.stringify(said.slice(0, 60))}`,
    isMet: code === 1 && isSentence,
  };
}

function damage(path: string): void {
  const file = openSync(path, "r+");
  writeSync(file, Buffer.alloc(3 * 4096, 0x5a), 0, 3 * 4096, 4 * 4096);
  closeSync(file);
}
