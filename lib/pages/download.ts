import { clock } from "#lib/clock.ts";

const TYPES = { csv: "text/csv; charset=utf-8", json: "application/json; charset=utf-8" } as const;

/** An answer that browsers save as a file named so, with today's date. Read on only as fast as it is taken, and no further once they go away. */
export function download(name: string, format: keyof typeof TYPES, parts: AsyncIterable<string>): Response {
  const day = new Date(clock()).toISOString().slice(0, 10);
  return new Response(streamOf(parts), {
    headers: {
      "content-type": TYPES[format],
      "content-disposition": `attachment; filename="latchkey-${name}-${day}.${format}"`,
      "cache-control": "no-store",
    },
  });
}

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

/** A link on another site would put a file on somebody's disk without their wish. */
export const isAskedFromElsewhere = (request: Request): boolean =>
  ["cross-site", "same-site"].includes(request.headers.get("sec-fetch-site") ?? "");
