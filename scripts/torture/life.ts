import { setTimeout as pause } from "node:timers/promises";
import { api } from "#e2e/fixtures/api.ts";
import { mailFor, mailsTo } from "#e2e/fixtures/mailbox.ts";
import { clientAddress, person } from "#e2e/fixtures/person.ts";
import type { RunningServer } from "#e2e/fixtures/server.ts";
import { accountOf, rows } from "#e2e/fixtures/store.ts";
import { Visitor } from "#e2e/fixtures/visitor.ts";

/** Lives that go through all that changes something, and what of it they were told is done. */

/** Where the lives are led, and the store that must remember them. */
export type World = Pick<RunningServer, "url" | "env">;

/** What the server said was done: a question to the store that must find one row, and the mail that belongs to it. */
export type Effect = {
  kind: string;
  query: string;
  values: (string | number)[];
  mail?: { to: string; template: string };
};

const KINDS = 6;
const MAIL_WAIT_MS = 5_000;

/** So many people at a time, one after the other, until stopped. A life that trouble cuts short is over; what it was told by then still counts. */
export function leadLives(lanes: number, world: () => World): { effects: Effect[]; stop(): Promise<void> } {
  const effects: Effect[] = [];
  let isOn = true;
  const led = Array.from({ length: lanes }, async () => {
    while (isOn) await life(world(), (effect) => effects.push(effect)).catch(() => pause(50));
  });
  return {
    effects,
    stop: async () => {
      isOn = false;
      await Promise.all(led);
    },
  };
}

/** One person signs up, proves the address, invites, changes the password, logs out, and sets another password by mail. */
async function life(world: World, done: (effect: Effect) => void): Promise<void> {
  const from = { "x-forwarded-for": clientAddress() };
  const call = api(world.url, from);
  const { email, password } = person();
  const account = "select 1 from accounts where email = ?";
  const tokenFor = async (subject: RegExp) => {
    const { link } = await mailFor(world.url)(email, { subject, within: MAIL_WAIT_MS });
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

  const hashNow = async () => (await accountOf(world, email)).password_hash;
  const old = await hashNow();
  const visitor = new Visitor(world.url, from);
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

/**
 * Sent but not noted as sent, when its sender was killed; then its link was used, and whoever came to send it anew found that it had
 * nothing to say any more and dropped it.
 */
async function isQueuedOrSent(world: World, { to, template }: NonNullable<Effect["mail"]>): Promise<boolean> {
  const queued = await rows(world, "select 1 from outbox where to_email = ? and template = ?", to, template);
  if (queued.length > 0) return true;
  return (await mailsTo(world.url, to)).some(({ subject }) => SUBJECTS[template]?.test(subject));
}

const SUBJECTS: Record<string, RegExp> = {
  "verify-email": /confirm/i,
  invite: /invites/i,
  "password-changed": /password/i,
};

/** Which of the effects the store still knows. Met where there were some of each kind, none is lost, and none lacks its mail. */
export async function judge(world: World, effects: Effect[]): Promise<{ reached: string; isMet: boolean }> {
  const lost: Effect[] = [];
  const mute: Effect[] = [];
  for (const effect of effects) {
    const { query, values, mail } = effect;
    if ((await rows(world, query, ...values)).length === 0) lost.push(effect);
    if (mail && !(await isQueuedOrSent(world, mail))) mute.push(effect);
  }
  const kinds = [...new Set(effects.map(({ kind }) => kind))];
  const counts = kinds.map((kind) => {
    const of = (list: Effect[]) => list.filter((one) => one.kind === kind).length;
    return `${kind} ${of(lost)}+${of(mute)}/${of(effects)}`;
  });
  return { reached: counts.join(", "), isMet: kinds.length === KINDS && lost.length === 0 && mute.length === 0 };
}
