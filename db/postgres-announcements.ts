import { randomUUID } from "node:crypto";
import pg from "pg";
import { log } from "#lib/log.ts";
import { explain } from "./postgres-errors.ts";
import type { Pool } from "./postgres-pool.ts";

/**
 * Copies of the server tell each other of new mail. It only spares time: each looks for itself every few seconds, and has to
 * where a pooler or another engine passes nothing on.
 */

const CHANNEL = "latchkey_mail";
const AGAIN_MS = 10_000;
const LEAST_MS = 100;

export type Announcements = { tell(): void; end(): Promise<void> };

export function openAnnouncements(url: string, pool: Pool, heard: () => void): Announcements {
  const self = randomUUID();
  let client: pg.Client | undefined;
  let isEnded = false;
  let isSaid = false;
  let toldAt = Number.NEGATIVE_INFINITY;

  const listen = async (): Promise<void> => {
    if (isEnded) return;
    client = new pg.Client({ connectionString: url, application_name: "latchkey", keepAlive: true });
    client.on("error", () => {});
    client.once("end", listenAgain);
    client.on("notification", ({ payload }) => payload !== self && heard());
    await client.connect();
    await client.query(`listen ${CHANNEL}`);
    // What was told while nobody listened.
    heard();
  };
  const listenAgain = () => {
    if (!isEnded) setTimeout(start, AGAIN_MS).unref();
  };
  const start = () => {
    listen().catch(async (error) => {
      // Of a command that is done before anybody could listen there is nothing to say.
      if (isEnded) return;
      if (!isSaid) log.warn("mail_is_polled_for", { code: explain(error).code });
      isSaid = true;
      await client?.end().catch(() => {});
    });
  };
  start();

  return {
    tell() {
      const now = performance.now();
      if (now - toldAt < LEAST_MS) return;
      toldAt = now;
      pool.query({ text: "select pg_notify($1, $2)" }, [CHANNEL, self]).catch(() => {});
    },
    async end() {
      isEnded = true;
      await client?.end().catch(() => {});
    },
  };
}
