import { setTimeout as pause } from "node:timers/promises";
import { api } from "#e2e/fixtures/api.ts";
import { mailFor } from "#e2e/fixtures/mailbox.ts";
import { clientAddress, person } from "#e2e/fixtures/person.ts";
import { dispose, launchServer, type RunningServer } from "#e2e/fixtures/server.ts";
import { accountOf, rows } from "#e2e/fixtures/store.ts";
import { Visitor } from "#e2e/fixtures/visitor.ts";
import type { Row } from "./row.ts";

/** `TORTURE_KILLS=300` for the whole of it, which takes a quarter of an hour. */
const KILLS = Number(process.env.TORTURE_KILLS ?? 60);
const LANES = 4;
const MAIL_WAIT_MS = 5_000;
const LONGEST_RUN_MS = 20_000;

/** What the server said was done: a question to the store that must find one row, and the mail that belongs to it. */
type Effect = { kind: string; query: string; values: (string | number)[]; mail?: { to: string; template: string } };

/** `kill -9` at any moment, again and again, while people go through all that changes something. */
export async function killed(): Promise<Row> {
  let server = await launchServer();
  const { ownFolder } = server;
  const again = { DATABASE_URL: server.env.DATABASE_URL };
  const effects: Effect[] = [];
  let isOn = true;
  try {
    const lanes = Array.from({ length: LANES }, async () => {
      // A life that a kill cuts short is over; what it was told by then still counts.
      while (isOn) await life(server, (effect) => effects.push(effect)).catch(() => pause(50));
    });
    for (let n = 0; n < KILLS; n += 1) {
      // After so many more effects, and then at any moment.
      const enough = effects.length + 5 + ((7 * n) % 40);
      const deadline = performance.now() + LONGEST_RUN_MS;
      while (effects.length < enough && performance.now() < deadline) await pause(Math.random() * 20);
      await server.stop("SIGKILL");
      server = await launchServer(again);
    }
    isOn = false;
    await Promise.all(lanes);
    return await verdict(server, effects);
  } finally {
    isOn = false;
    await dispose({ ...server, ownFolder });
  }
}

const QUEUED = "select 1 from outbox where to_email = ? and template = ?";

async function verdict(server: RunningServer, effects: Effect[]): Promise<Row> {
  const lost: Effect[] = [];
  const mute: Effect[] = [];
  for (const effect of effects) {
    const { query, values, mail } = effect;
    if ((await rows(server, query, ...values)).length === 0) lost.push(effect);
    if (mail && (await rows(server, QUEUED, mail.to, mail.template)).length === 0) mute.push(effect);
  }
  const kinds = [...new Set(effects.map(({ kind }) => kind))];
  const counts = kinds.map((kind) => {
    const of = (list: Effect[]) => list.filter((one) => one.kind === kind).length;
    return `${kind} ${of(lost)}+${of(mute)}/${of(effects)}`;
  });
  return {
    fault: `kill -9, ${KILLS} times`,
    figure: "0 lost + 0 without mail, of each kind",
    reached: counts.join(", "),
    isMet: kinds.length === 6 && lost.length === 0 && mute.length === 0,
  };
}

/** One person signs up, proves the address, invites, changes the password, logs out, and sets another password by mail. */
async function life(server: RunningServer, done: (effect: Effect) => void): Promise<void> {
  const from = { "x-forwarded-for": clientAddress() };
  const call = api(server.url, from);
  const { email, password } = person();
  const account = "select 1 from accounts where email = ?";
  const tokenFor = async (subject: RegExp) => {
    const { link } = await mailFor(server.url)(email, { subject, within: MAIL_WAIT_MS });
    return new URL(link ?? "").searchParams.get("authToken");
  };
  const ok = async (answer: Promise<{ status: number }>) => {
    if ((await answer).status !== 200) throw new Error("Refused");
  };

  await ok(call.post("/auth/signup", { email, password }));
  done({ kind: "sign-up", query: account, values: [email], mail: { to: email, template: "verify-email" } });

  const proved = await call.post("/verify", { authToken: await tokenFor(/confirm/i) });
  if (proved.status !== 200) throw new Error("Refused");
  done({ kind: "verify", query: `${account} and status = 1`, values: [email] });

  const invited = person().email;
  await ok(call.post("/staging/send-mail/reference-email", { username: email, destination_email: invited }));
  done({
    kind: "invite",
    query: "select 1 from invitations where email = ?",
    values: [invited],
    mail: { to: invited, template: "invite" },
  });

  const hashNow = async () => (await accountOf(server, email)).password_hash;
  const old = await hashNow();
  const visitor = new Visitor(server.url, from);
  await visitor.submit("/login", "Log in", { email, password });
  const changed = await visitor.submit("/account/password", "Change password", {
    currentPassword: password,
    newPassword: `${password}-2`,
  });
  if (changed.status !== 303) throw new Error("Refused");
  const differs = `${account} and password_hash <> ?`;
  done({ kind: "change", query: differs, values: [email, old], mail: { to: email, template: "password-changed" } });

  const entered = await call.post("/auth/login", { email, password: `${password}-2` });
  await ok(call.post("/auth/logout", { refreshToken: entered.body.refreshToken }));
  const session = JSON.parse(atob(entered.body.refreshToken.split(".")[1])).sid;
  done({ kind: "log-out", query: "select 1 from sessions where id = ? and ended_at is not null", values: [session] });

  const second = await hashNow();
  await ok(call.post("/password/forget", { email }));
  await ok(
    call.post("/password/reset", { authToken: await tokenFor(/reset|new password/i), password: `${password}-3` }),
  );
  done({ kind: "reset", query: differs, values: [email, second], mail: { to: email, template: "password-changed" } });
}
