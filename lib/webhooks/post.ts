import http from "node:http";
import https from "node:https";
import type { LookupFunction } from "node:net";
import type { Tried } from "#db/webhook-deliveries.ts";

/** One try to hand a message over. */

const CONNECT_PATIENCE = 5_000;
const PATIENCE = 15_000;
/** What is read of an answer, so that a short one is not cut off; nobody looks at it. */
const MOST_READ = 1_024;

/** In the place of a try's error: we broke it off ourselves. */
export const BROKEN_OFF = "broken_off";

/** What went wrong with a connection, in words of ours. Others are said as Node names them. */
const ERRORS: Record<string, string> = {
  PRIVATE_ADDRESS: "private_address",
  ENOTFOUND: "name_not_found",
  EAI_AGAIN: "name_not_found",
  ECONNREFUSED: "connection_refused",
  ECONNRESET: "connection_reset",
  EPIPE: "connection_reset",
};

type Request = {
  url: URL;
  headers: Record<string, string>;
  body: string;
  lookup?: LookupFunction | undefined;
  /** Breaks it off. */
  signal: AbortSignal;
};

/**
 * Posts it and resolves with the status, or with why there is none; never rejects. A redirect is an answer like any other. Uses no
 * proxy, whatever the environment says, and trusts no certificate that is not vouched for.
 */
export function post({ url, headers, body, lookup, signal }: Request): Promise<Tried> {
  return new Promise((resolve) => {
    const isSecure = url.protocol === "https:";
    const request = (isSecure ? https : http).request(url, {
      method: "POST",
      agent: false,
      headers: { ...headers, "content-type": "application/json", "content-length": Buffer.byteLength(body) },
      rejectUnauthorized: true,
      ...(lookup ? { lookup } : {}),
    });
    let status: number | undefined;
    const finish = (error: string) => {
      clearTimeout(untilConnected);
      clearTimeout(untilAnswered);
      signal.removeEventListener("abort", breakOff);
      request.destroy();
      resolve(status === undefined ? { lastStatus: null, lastError: error } : { lastStatus: status, lastError: null });
    };
    const breakOff = () => finish(BROKEN_OFF);
    const untilConnected = setTimeout(() => finish("timed_out"), CONNECT_PATIENCE);
    const untilAnswered = setTimeout(() => finish("timed_out"), PATIENCE);
    signal.addEventListener("abort", breakOff);
    request.once("socket", (socket) =>
      socket.once(isSecure ? "secureConnect" : "connect", () => clearTimeout(untilConnected)),
    );
    request.on("error", (error) => finish(nameOf(error)));
    request.on("close", () => finish("connection_reset"));
    request.on("response", (response) => {
      status = response.statusCode;
      let read = 0;
      response.on("data", (chunk: Buffer) => {
        read += chunk.length;
        if (read >= MOST_READ) finish("");
      });
      response.on("error", () => finish(""));
      response.on("end", () => finish(""));
    });
    if (signal.aborted) breakOff();
    else request.end(body);
  });
}

/** Never the message, which may name the host or an address behind it. */
function nameOf(error: Error): string {
  const { code = "" } = error as NodeJS.ErrnoException;
  return ERRORS[code] ?? (/^[A-Z][A-Z0-9_]*$/.test(code) ? code.toLowerCase() : "failed");
}
