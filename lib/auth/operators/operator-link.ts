import { randomBytes } from "node:crypto";
import { atomically, must } from "#db/client.ts";
import { findOperatorLink, insertOperatorLink, takeOperatorLink } from "#db/operator-links.ts";
import { findOperator, holdOtherAdmins, holdWithRole, setRole } from "#db/operators.ts";
import { AccountStatus, type Role } from "#db/schema.ts";
import type { Caller } from "#db/sessions.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { noticeOf } from "#lib/auth/factors/notice.ts";
import { recordAct, recordEvent } from "#lib/auth/record-event.ts";
import { hashToken } from "#lib/auth/sessions/sessions.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";

/**
 * A link that makes whoever opens it first, logged in, an operator. Only a command on the machine makes one: there is no page on which a
 * stranger who comes before the owner could make themselves the admin of a new server.
 */

/** In ms. */
export const OPERATOR_LINK_LIFE = 15 * 60_000;

/** Returns the link's token, which is not stored. */
export async function makeOperatorLink(role: Role): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  const now = clock();
  await atomically(() => [
    insertOperatorLink({ tokenHash: hashToken(token), role, createdAt: now, expiresAt: now + OPERATOR_LINK_LIFE }),
    recordAct("operator_link_made", { by: "command", role }, now),
  ]);
  return token;
}

/** Which role it gives; undefined where it is used, too old, or none of ours. */
export const inspectOperatorLink = (token: string): Promise<Role | undefined> =>
  findOperatorLink(hashToken(token), clock());

/** Uses it. Of fifty who do so at once one gets the role. Throws `link_invalid`, `act_overtaken`, `last_admin`. */
export async function claimRole({
  account,
  session,
  client,
  token,
}: Caller & { client: Client; token: string }): Promise<Role> {
  const role = await inspectOperatorLink(token);
  if (!role) throw new AuthError("link_invalid");
  if (account.status !== AccountStatus.active) throw new AuthError("act_overtaken");
  const before = (await findOperator(account.id))?.role;
  const now = clock();
  const done = await atomically(() => [
    must(holdWithRole(account, before)),
    // An admin who takes a link for support is one admin less.
    ...(before === "admin" && role !== "admin" ? [must(holdOtherAdmins(account.id))] : []),
    must(takeOperatorLink(hashToken(token), now)),
    setRole(account.id, role, "command", now),
    noticeOf(account, "role-granted", now),
    recordEvent("role_granted", { account, client, session: session.id, by: "command", role }, now),
  ]);
  if (done) return role;
  if (!(await inspectOperatorLink(token))) throw new AuthError("link_invalid");
  const costsAdmin = before === "admin" && role !== "admin" && (await findOperator(account.id))?.role === before;
  throw new AuthError(costsAdmin ? "last_admin" : "act_overtaken");
}
