import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "playwright/test";
import { type ResendDouble, startResendDouble } from "#e2e/fixtures/resend-double.ts";
import { dispose, launchServer, type RunningServer, type Settings } from "#e2e/fixtures/server.ts";
import { startSmtpListener } from "#e2e/fixtures/smtp-listener.ts";
import { api, clientAddress, person, poll } from "#e2e/fixtures/test.ts";

/** The whole way: a request to a real server, its worker, and what stands for the world outside. */

// Most start two servers of their own.
test.describe.configure({ timeout: 60_000 });

let resend: ResendDouble;
let folder: string;
let settings: Record<string, string>;
let servers: RunningServer[];

test.beforeEach(async () => {
  resend = await startResendDouble();
  servers = [];
  folder = mkdtempSync(join(tmpdir(), "latchkey-mail-"));
  settings = {
    DATABASE_URL: `file:${join(folder, "latchkey.db")}`,
    RESEND_API_KEY: "re_a_key_of_ours",
    RESEND_BASE_URL: resend.url,
    MAIL_FROM: "Latchkey <hello@example.com>",
    // The same at each start, whatever the port: it stands in the mails.
    APP_URL: "http://localhost:3000",
  };
});
test.afterEach(async () => {
  await resend.close();
  await Promise.all(servers.map(dispose));
  rmSync(folder, { recursive: true, force: true });
});

async function startServer(settings: Settings): Promise<RunningServer> {
  const server = await launchServer(settings);
  servers.push(server);
  return server;
}

async function signUp(server: RunningServer): Promise<string> {
  const { email, password } = person();
  const answer = await api(server.url, { "x-forwarded-for": clientAddress() }).post("/auth/signup", {
    email,
    password,
  });
  expect(answer.status, answer.text).toBe(200);
  return email;
}

const eventsOf = (server: RunningServer, event: string) => server.log().filter((line) => line.event === event);

test("mail being down fails no sign-up: the mail follows once it is up, and its link works", async () => {
  resend.manner = { status: 500, name: "internal_server_error" };
  const server = await startServer(settings);
  const email = await signUp(server);
  await poll(() => eventsOf(server, "mail_delayed").length > 0, { what: "the first try to fail" });
  resend.manner = "take";
  const sent = await poll(() => resend.delivered[0], { what: "the mail to follow" });
  expect(sent.mail.to).toBe(email);
  const token = /authToken=([\w.-]+)/.exec(sent.mail.text)?.[1];
  const verified = await api(server.url).post("/auth/verify", { authToken: token });
  expect(verified.status, verified.text).toBe(200);
  expect(server.output()).not.toContain(token);
  expect(server.output()).not.toContain(email);
});

test("a server killed while it sends sends the mail again at its next start, byte for byte, and it arrives once", async () => {
  const first = await startServer(settings);
  resend.manner = "hold";
  await signUp(first);
  await poll(() => resend.held() === 1, { what: "the mail to be under way" });
  await first.stop("SIGKILL");
  resend.manner = "take";
  letHoldsRunOut();
  await startServer(settings);
  await poll(() => resend.requests.length === 2, { what: "the second try" });
  const [once, again] = resend.requests;
  expect(again?.key).toBe(once?.key);
  expect(again?.body === once?.body, "the bodies are the same").toBe(true);
  expect(resend.delivered).toHaveLength(1);
});

test("no more than four mails are under way at once, and a server told to stop finishes those and keeps the rest", async () => {
  const first = await startServer(settings);
  resend.manner = "hold";
  await Promise.all(Array.from({ length: 5 }, () => signUp(first)));
  await poll(() => resend.held() === 4, { what: "four mails to be under way" });
  const ended = first.stop();
  await poll(() => isRefusing(first.url), { what: "the server to take no more" });
  expect(resend.requests).toHaveLength(4);
  resend.release();
  expect(await ended).toEqual({ code: 0, signal: null });
  expect(resend.requests).toHaveLength(4);
  expect(eventsOf(first, "mail_sent")).toHaveLength(4);

  resend.manner = "take";
  await startServer(settings);
  await poll(() => resend.delivered.length === 5, { what: "the rest at the next start" });
  expect(new Set(resend.delivered.map(({ key }) => key)).size).toBe(5);
  expect(resend.requests).toHaveLength(5);
});

test("a sign-up's mail goes out through SMTP where that is set up", async () => {
  const listener = await startSmtpListener();
  const server = await startServer({
    ...settings,
    RESEND_API_KEY: undefined,
    RESEND_BASE_URL: undefined,
    SMTP_URL: listener.url,
  });
  const email = await signUp(server);
  const { parsed } = await poll(() => listener.messages[0], { what: "the mail" });
  expect([parsed.to].flat()[0]?.text).toBe(email);
  expect(parsed.from?.text).toBe('"Latchkey" <hello@example.com>');
  await listener.close();
});

/** As if the time had passed for which a worker that is gone held its mail. */
function letHoldsRunOut(): void {
  const database = new Database(join(folder, "latchkey.db"));
  database.prepare("update outbox set claimed_until = 0").run();
  database.close();
}

const isRefusing = (url: string): Promise<boolean> =>
  fetch(`${url}/health/live`).then(
    () => false,
    () => true,
  );
