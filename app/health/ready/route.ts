import { sql } from "drizzle-orm";
import { db } from "#db/client.ts";
import { limits } from "#db/schema.ts";
import { isStopping } from "#lib/lifecycle.ts";

/** Whether it can do its work: the store answers and is migrated. */
export async function GET(): Promise<Response> {
  const ok =
    !isStopping() &&
    (await db()
      .select({ one: sql`1` })
      .from(limits)
      .limit(1)
      .then(
        () => true,
        () => false,
      ));
  return Response.json({ ok }, { status: ok ? 200 : 503, headers: { "cache-control": "no-store" } });
}
