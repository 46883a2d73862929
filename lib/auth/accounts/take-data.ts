import { holdAccount } from "#db/accounts.ts";
import { atomically, must } from "#db/client.ts";
import { invitationsTo, ownRow, PARTS, type PartName, refusalsOf, rowsOf, TRAIL } from "#db/personal-data.ts";
import type { Caller } from "#db/sessions.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { type Counter, refuseShut, taking } from "#lib/auth/limits.ts";
import { recordEvent } from "#lib/auth/record-event.ts";
import { holdConfirmed, isConfirmed } from "#lib/auth/sessions/confirmed.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";

/** What the file consists of. */
export type DataPart = "account" | PartName | "invitationsReceived" | "noMoreInvitations";

/**
 * All that is kept about the account of whoever is logged in, as a JSON text, some of it at a time: there may be much. It names people's
 * addresses and networks, so whoever sits at an open browser must first show that it is theirs.
 * Throws `confirmation_needed`, `too_many_tries`.
 */
export async function takeData({
  account,
  session,
  client,
}: Caller & { client: Client }): Promise<AsyncIterable<string>> {
  const now = clock();
  const counter: Counter = ["data-export", account.id];
  const done = await atomically(() => [
    must(holdAccount(account.id)),
    must(holdConfirmed(session.id, now)),
    ...taking([counter], now),
    recordEvent("data_exported", { account, client, session: session.id }, now),
  ]);
  if (!done && !(await isConfirmed(session.id))) throw new AuthError("confirmation_needed");
  if (!done) await refuseShut([counter], now);
  return asJson(account, now);
}

async function* asJson({ id, email }: Caller["account"], now: number): AsyncGenerator<string> {
  yield `{\n"takenAt": ${text(new Date(now).toISOString())},\n"account": ${text(inWords((await ownRow(id)) ?? {}))}`;
  for (const part of [...PARTS, TRAIL]) yield* list(part.name, rowsOf(part, id));
  yield* list("invitationsReceived", [await invitationsTo(email)]);
  yield* list("noMoreInvitations", [await refusalsOf(email)]);
  yield "\n}\n";
}

type Row = Record<string, unknown>;

async function* list(name: DataPart, chunks: AsyncIterable<Row[]> | Iterable<Row[]>): AsyncGenerator<string> {
  yield `,\n${text(name)}: [`;
  let isFirst = true;
  for await (const rows of chunks) {
    const lines = rows.map((row) => `\n${text(inWords(row))}`).join();
    if (lines !== "") yield isFirst ? lines : `,${lines}`;
    isFirst &&= lines === "";
  }
  yield "]";
}

const text = (value: unknown): string => JSON.stringify(value);

/** As somebody reads it who does not know how we store it: moments as dates, what is JSON as what it says. */
function inWords(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (typeof value === "number" && /(^a|A)t$/.test(name)) return [name, new Date(value).toISOString()];
      if (name === "details" && typeof value === "string") return [name, JSON.parse(value)];
      return [name, value];
    }),
  );
}
