import { is, Table } from "drizzle-orm";
import * as pg from "drizzle-orm/pg-core";
import * as sqlite from "drizzle-orm/sqlite-core";
import { storeEngine } from "#lib/env.ts";
import * as schema from "./schema.ts";

/** A table of the schema by its names, which are the same in either engine. */
export type TableShape = {
  name: string;
  columns: string[];
  /** The columns of its primary key. */
  key: string[];
  /** The column whose number the store gives to each new row. */
  numbered: string | undefined;
};

const configOf = (storeEngine() === "sqlite" ? sqlite.getTableConfig : pg.getTableConfig) as (table: Table) => Config;
type Column = { name: string; primary: boolean; autoIncrement?: boolean; generatedIdentity?: object };
type Config = {
  name: string;
  columns: Column[];
  primaryKeys: { columns: Column[] }[];
  foreignKeys: { reference(): { foreignTable: Table } }[];
};

/** All tables of the schema, each after those that it refers to. */
export function tableShapes(): TableShape[] {
  const tables = new Map(
    Object.values(schema)
      .filter((one): one is never => is(one, Table))
      .map((table: Table) => configOf(table))
      .map((config) => [config.name, config]),
  );
  const ordered = new Map<string, TableShape>();
  const add = (config: Config): void => {
    if (ordered.has(config.name)) return;
    for (const key of config.foreignKeys) add(tables.get(configOf(key.reference().foreignTable).name) as Config);
    ordered.set(config.name, shapeOf(config));
  };
  for (const config of tables.values()) add(config);
  return [...ordered.values()];
}

function shapeOf({ name, columns, primaryKeys }: Config): TableShape {
  const key = primaryKeys[0]?.columns ?? columns.filter(({ primary }) => primary);
  return {
    name,
    columns: columns.map((column) => column.name),
    key: key.map((column) => column.name),
    numbered: columns.find(({ autoIncrement, generatedIdentity }) => autoIncrement || generatedIdentity)?.name,
  };
}
