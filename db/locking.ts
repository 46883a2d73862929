import { storeEngine } from "#lib/env.ts";

type Lockable = { for(strength: "update", how: { skipLocked: true }): unknown };

/**
 * A select that passes over rows which somebody else is changing at this moment, and holds those it finds. Where there is one
 * writer at a time, as on SQLite, there are none.
 */
export function passingOverLocked<Q>(query: Q): Q {
  if (storeEngine() === "sqlite") return query;
  return (query as Lockable).for("update", { skipLocked: true }) as Q;
}
