import { canWrite } from "#db/client.ts";
import { isStopping } from "#lib/lifecycle.ts";

/** Whether it can do its work: the store takes writes. A full disk or a lock shows in nothing less than a write. */
export async function GET(): Promise<Response> {
  const ok = !isStopping() && (await canWrite());
  return Response.json({ ok }, { status: ok ? 200 : 503, headers: { "cache-control": "no-store" } });
}
