import { rows } from "#e2e/fixtures/store.ts";
import type { World } from "./life.ts";

/**
 * What must hold for every account, whatever was going on when its server was killed: an effect with its rows, its events, its entries
 * in the audit trail and its mails, or none of them. Each asks for the accounts of which it does not hold.
 */

const eventsOf = (...kinds: string[]) =>
  `(select count(*) from events where account_id = a.id and kind in (${kinds.map((kind) => `'${kind}'`).join(", ")}))`;
const factorEvents = (kind: string, factor: string) =>
  `(select count(*) from events where account_id = a.id and kind = '${kind}' and details like '%"${factor}"%')`;
const mailsOf = (template: string) =>
  `(select count(*) from outbox where account_id = a.id and template = '${template}')`;
const rowsOf = (table: string, more = "1 = 1") => `(select count(*) from ${table} where account_id = a.id and ${more})`;

const NOTICED = [
  "factor_added",
  "factor_removed",
  "recovery_codes_made",
  "app_password_made",
  "app_password_removed",
  "log_in_disowned",
];

const HALVES: Record<string, string> = {
  "an app without its gate": `a.second_factor <> ${rowsOf("authenticators", "confirmed_at is not null")}`,
  "codes without their app": `10 * a.second_factor <> ${rowsOf("recovery_codes")}`,
  "an app without its event": `a.second_factor <> ${factorEvents("factor_added", "authenticator")} - ${factorEvents("factor_removed", "authenticator")}`,
  "a passkey without its event": `${rowsOf("passkeys")} <> ${factorEvents("factor_added", "passkey")} - ${factorEvents("factor_removed", "passkey")}`,
  "an app password without its event": `${eventsOf("log_in_disowned")} = 0 and ${rowsOf("app_passwords")} <> ${eventsOf("app_password_made")} - ${eventsOf("app_password_removed")}`,
  "a change without its notice": `${mailsOf("factor-changed")} <> ${eventsOf(...NOTICED)}`,
  "an address without its event": `${rowsOf("address_changes")} <> ${eventsOf("address_changed")}`,
  "a username without its event": `case when a.username is null then 0 else 1 end <> ${eventsOf("username_changed")}`,
  "a deletion without its event": `case when a.deletes_at is null then 0 else 1 end <> ${eventsOf("deletion_requested")} - ${eventsOf("deletion_cancelled")}`,
  "a deletion without its mail": `${mailsOf("deletion")} <> ${eventsOf("deletion_requested", "deletion_cancelled")}`,
  "a session of an account to be deleted": `a.deletes_at is not null and ${rowsOf("sessions", "ended_at is null")} > 0`,
  "disowned, with a way in": `${eventsOf("log_in_disowned")} > 0 and (a.password_hash is not null or ${rowsOf("sessions", "ended_at is null")} > 0)`,
  "an event that the trail lacks": `${rowsOf("events")} <> ${rowsOf("trail")}`,
};

/** How many accounts there are, and of how many one of these does not hold. */
export async function halves(world: World): Promise<{ reached: string; isMet: boolean }> {
  const [found] = await rows<{ n: number }>(world, "select count(*) n from accounts");
  const broken: string[] = [];
  for (const [name, where] of Object.entries(HALVES)) {
    const of = await rows<{ email: string }>(world, `select email from accounts a where ${where}`);
    if (of.length > 0) broken.push(`${name}: ${of.length} (${of[0]?.email})`);
  }
  const count = Number(found?.n ?? 0);
  return { reached: `${broken.join(", ") || "none"} of ${count} accounts`, isMet: broken.length === 0 && count > 0 };
}
