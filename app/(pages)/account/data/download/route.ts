import { redirect } from "next/navigation";
import { takeData } from "#lib/auth/accounts/take-data.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { clock } from "#lib/clock.ts";
import { toConfirmation } from "#lib/pages/confirmed.ts";
import { pageClient, requirePerson } from "#lib/pages/session.ts";

const PAGE = "/account/data";

/**
 * The file with all that is kept about whoever is logged in, as a download, written as it is read from the store. Leads elsewhere who must
 * show first that it is them, and who took it too often.
 */
export async function GET(request: Request): Promise<Response> {
  // A link on another site would put this file on somebody's disk without their wish, and use up how often they may take it.
  if (["cross-site", "same-site"].includes(request.headers.get("sec-fetch-site") ?? "")) redirect(PAGE);
  const person = await requirePerson(PAGE);
  const parts = await takeData({ ...person, client: await pageClient() }).catch(leadElsewhere);
  const day = new Date(clock()).toISOString().slice(0, 10);
  return new Response(streamOf(parts), {
    headers: {
      "content-type": "application/json; charset=utf-8",
      "content-disposition": `attachment; filename="latchkey-data-${day}.json"`,
      "cache-control": "no-store",
    },
  });
}

/** Read on only as fast as it is taken, and no further once the browser goes away. */
function streamOf(parts: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const texts = parts[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(stream) {
      const { value, done } = await texts.next();
      if (done) stream.close();
      else stream.enqueue(encoder.encode(value));
    },
    async cancel() {
      await texts.return?.();
    },
  });
}

function leadElsewhere(error: unknown): never {
  if (error instanceof AuthError && error.code === "too_many_tries") redirect(`${PAGE}?problem=download`);
  toConfirmation(error, `${PAGE}?notice=confirmed`);
}
