import { AccountStatus } from "#db/schema.ts";
import { findPeople } from "#lib/auth/operators/find-people.ts";
import { accountNamed } from "#lib/auth/operators/name-account.ts";
import { wholePerson } from "#lib/auth/operators/person.ts";
import { operators } from "#lib/auth/operators/roles.ts";
import { sentence } from "../command.ts";
import type { Answer } from "./answer.ts";

/** What the command shows. */

const STATUS_IN_WORDS = {
  [AccountStatus.unverified]: "address not confirmed",
  [AccountStatus.active]: "active",
  [AccountStatus.blocked]: "blocked",
} as const;

export const LOOKS = {
  /** The fifty newest of whom an address, a name or a username begins so. */
  async find(text) {
    if (!text?.trim()) throw sentence("find needs the beginning of an address, a name or a username");
    const { people, next } = await findPeople({ text });
    const lines = people.map(({ id, email, status }) => `  #${id}  ${shown(email)}  ${STATUS_IN_WORDS[status]}`);
    if (next) lines.push("  ... and more: type more of it.");
    return { said: lines.join("\n") || "  Nobody.", data: people };
  },
  async show(who) {
    if (who === undefined) throw sentence("show needs somebody: an address, a username, #number, or a sub");
    const account = await accountNamed(who);
    const person = account && (await wholePerson(account.id));
    if (!person) throw sentence(`Nobody here is called ${who}`);
    return { said: factsOf(person), data: person };
  },
  async operators() {
    const all = await operators();
    const lines = all.map(
      ({ role, email, id, status }) => `  ${role.padEnd(8)} ${shown(email)}  #${id}  ${STATUS_IN_WORDS[status]}`,
    );
    return {
      said: lines.join("\n") || "  Nobody has a role. Give one with: npm run admin -- grant <who> --role admin",
      data: all,
    };
  },
} as const satisfies Record<string, (who: string | undefined) => Promise<Answer>>;

type Person = NonNullable<Awaited<ReturnType<typeof wholePerson>>>;

function factsOf({
  account,
  role,
  block,
  hasPassword,
  app,
  passkeys,
  links,
  appPasswords,
  sessions,
  doors,
  events,
}: Person) {
  const ways = [
    ...(hasPassword ? ["password"] : []),
    ...(app ? [`app for codes (${app.codesLeft} recovery codes left)`] : []),
    ...(passkeys.length > 0 ? [`${passkeys.length} passkeys`] : []),
    ...(links.length > 0 ? ["Google"] : []),
    ...(appPasswords.length > 0 ? [`${appPasswords.length} app passwords`] : []),
  ];
  const facts: [string, string][] = [
    ["Address", account.email],
    ["Number", `#${account.id}`],
    ["Sub", account.sub],
    ["Username", account.username ?? ""],
    ["Name", `${account.firstName} ${account.lastName}`.trim()],
    [
      "Status",
      STATUS_IN_WORDS[account.status] +
        (block ? `, ${block.endsAt ? `until ${moment(block.endsAt)}` : "with no end"}: ${block.reason}` : ""),
    ],
    ["Role", role ?? ""],
    ["Since", moment(account.createdAt)],
    ["To be deleted", account.deletesAt ? moment(account.deletesAt) : ""],
    ["Ways in", ways.join(", ")],
    ["Logged in", `${sessions.shown.length}${sessions.hasMore ? " or more" : ""} devices and programs`],
    ["Came by", doors.map(({ door, at }) => `${door} (${moment(at)})`).join(", ")],
    ...events
      .slice(0, 10)
      .map(({ at, kind }, n): [string, string] => [n === 0 ? "Last events" : "", `${moment(at)} ${kind}`]),
  ];
  return facts
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `  ${name.padEnd(14)} ${shown(value)}`)
    .join("\n");
}

const moment = (at: number): string => new Date(at).toISOString().slice(0, 16).replace("T", " ");

/** What others typed must not move the cursor or turn the line round in an operator's terminal. */
const shown = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]/gu, "\uFFFD");
