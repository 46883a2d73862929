import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dataFolder } from "#db/place.ts";
import { env } from "#lib/env.ts";
import { headersOf, type Mail } from "./mail.ts";

/** The local mailbox: mail that was not sent, one JSON file each, beside the database. Link and code are kept with it. */
export type KeptMail = {
  id: string;
  to: string;
  subject: string;
  /** ISO 8601. */
  sentAt: string;
  html: string;
  text: string;
  link: string | null;
  code: string | null;
  headers: Record<string, string>;
};

const MOST_KEPT = 500;

/** False when mail is really sent: then there is no mailbox. */
export const isMailKept = (): boolean => !env().RESEND_API_KEY && !env().SMTP_URL;

const directory = (): string => join(dataFolder(), "mailbox");

// The time leads, so that names sort by age; the address follows, so that one person's mail is found without opening all.
const fileName = (mail: Mail): string =>
  `${String(mail.stamp).padStart(13, "0")}-${addressMark(mail.to)}-${mail.id}.json`;

const addressMark = (to: string): string => createHash("sha256").update(to).digest("hex").slice(0, 12);

export async function keepMail(mail: Mail): Promise<void> {
  const name = fileName(mail);
  const kept: KeptMail = {
    id: name.slice(0, -".json".length),
    to: mail.to,
    subject: mail.subject,
    sentAt: new Date(mail.stamp).toISOString(),
    html: mail.html,
    text: mail.text,
    link: mail.link,
    code: mail.code,
    headers: headersOf(mail),
  };
  await mkdir(directory(), { recursive: true, mode: 0o700 });
  // Renamed into place, so that a reader never sees half a mail.
  const unfinished = join(directory(), `${name}.part`);
  await writeFile(unfinished, JSON.stringify(kept, null, 2), { mode: 0o600 });
  await rename(unfinished, join(directory(), name));
  await forgetOldest();
}

async function forgetOldest(): Promise<void> {
  const names = await namesNewestFirst();
  await Promise.all(names.slice(MOST_KEPT).map((name) => rm(join(directory(), name), { force: true })));
}

/** Newest first; only those to the address `to` where one is given. */
export async function listMail({ to }: { to?: string | undefined } = {}): Promise<KeptMail[]> {
  const mark = to && `-${addressMark(to.trim().toLowerCase())}-`;
  const names = (await namesNewestFirst()).filter((name) => !mark || name.includes(mark));
  const mails = await Promise.all(names.map(read));
  return mails.filter((mail) => mail !== null);
}

export async function findMail(id: string): Promise<KeptMail | null> {
  // An id that is a path would read any JSON file of this machine.
  return /^[\da-f-]+$/.test(id) ? read(`${id}.json`) : null;
}

async function namesNewestFirst(): Promise<string[]> {
  const names = await readdir(directory()).catch(emptyIfAbsent<string[]>([]));
  return names.filter((name) => name.endsWith(".json")).sort((a, b) => (a < b ? 1 : -1));
}

async function read(name: string): Promise<KeptMail | null> {
  const json = await readFile(join(directory(), name), "utf8").catch(emptyIfAbsent(null));
  return json === null ? null : (JSON.parse(json) as KeptMail);
}

function emptyIfAbsent<T>(empty: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === "ENOENT") return empty;
    throw error;
  };
}
