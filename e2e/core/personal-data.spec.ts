import { getTableColumns, is, Table } from "drizzle-orm";
import { getTableConfig } from "drizzle-orm/sqlite-core";
import { ACCOUNT_WITHOUT, PARTS } from "#db/personal-data.ts";
import * as schema from "#db/schema.ts";
import { expect, test } from "#e2e/fixtures/test.ts";

/** What of the store people can take with them: whoever adds a table or a column is asked here. */

/** Tables that hold something of a person without a column that names the account. */
const APART: Record<string, string> = {
  address_requests: "hangs on a challenge; the address it is for is in the mails",
  ceremonies: "challenges of ten minutes, by session",
  accounts: "the account's own row stands first in the file",
  link_offers: "hangs on a challenge; the links themselves are in the file",
  limits: "counters of minutes to a week, by keys that only the server reads",
  mail_refusals: "by address: noMoreInvitations",
  signing_keys: "the server's own",
  webhooks: "an operator's own",
  webhook_deliveries: "by sub and kind of event, for 30 days; what happened stands in the file's events",
};

const tables = Object.values(schema).filter((one): one is never => is(one, Table)) as Table[];
const configOf = (table: Table) => getTableConfig(table as never);

test("every table that names an account is in the file, and every other is known to hold nothing more", () => {
  const parts = new Set(PARTS.map(({ table }) => configOf(table).name));
  for (const table of tables) {
    const { name, columns } = configOf(table);
    const namesAccount = columns.some((column) => column.name === "account_id");
    expect(parts.has(name), `${name} is in db/personal-data.ts`).toBe(namesAccount);
    expect(namesAccount || name in APART, `${name}: what of it is a person's?`).toBe(true);
  }
});

test("what stays here of a table are columns that it has, and nothing that opens anything gets into the file", () => {
  const all = [...PARTS, { name: "account", table: schema.accounts, without: ACCOUNT_WITHOUT }];
  for (const { name, table, without } of all) {
    const columns = Object.keys(getTableColumns(table as Table));
    for (const column of Object.keys(without)) expect(columns, name).toContain(column);
    const shown = columns.filter((column) => !Object.hasOwn(without, column));
    // By name, so that a new one of the kind must be looked at.
    expect(
      shown.filter((column) => /hash|secret|nonce|token|device|key|generation/i.test(column)),
      name,
    ).toEqual([]);
  }
});

test("what refers to other rows stands before them, so that a deletion can take one part after the other", () => {
  const order = PARTS.map(({ table }) => configOf(table).name);
  for (const { table } of PARTS)
    for (const { reference } of configOf(table).foreignKeys) {
      const to = configOf(reference().foreignTable).name;
      if (to !== "accounts") expect(order.indexOf(configOf(table).name)).toBeLessThan(order.indexOf(to));
    }
});
