import type { IncomingMessage } from "node:http";
import { parseAndValidateFlightRouterState } from "next/dist/server/app-render/parse-and-validate-flight-router-state.js";
import { type Env, isLoopback } from "#lib/env.ts";
import type { Refusal } from "./refusal.ts";

/**
 * What is refused at a page by the head of the request alone, before Next is asked. Programs' doors answer under any name,
 * and have limits of their own.
 *
 * To be asked when lib/server/forwarded.ts has settled under which host the caller asks. What passes is given one spelling
 * of that host, since Next compares it with the origin of a form letter by letter.
 */
export function refusedAtDoor({ method, headers }: IncomingMessage, { APP_URL }: Env): Refusal | undefined {
  const own = new URL(APP_URL);
  const host = hostAsked(String(headers["x-forwarded-host"] ?? ""));
  // A site that points its name at this server would be of one origin with our pages: it could read them, the local
  // mailbox among them.
  if (!host || !isOurs(host, own)) return elsewhere(own);
  // On this machine the port may be another one than ours, where a container or a tunnel has mapped it.
  const origin = isLoopback(own.hostname) ? `${own.protocol}//${host.host}` : own.origin;
  headers["x-forwarded-host"] = new URL(origin).host;
  if (!isRouterStateSound(headers["next-router-state-tree"])) return notUnderstood;
  if (method === "GET" || method === "HEAD") return undefined;
  if (method !== "POST") return notThisWay;
  // Next compares the hosts only. A page on plain http, which anyone on the way can write, must not post to one on https.
  if (headers.origin !== undefined && headers.origin !== origin && headers.origin !== own.origin) return foreign;
  return undefined;
}

/** A host and perhaps a port, and nothing that a URL could hold besides. */
const hostAsked = (text: string): URL | null => (/^[^/?#@\\\s]+$/.test(text) ? URL.parse(`http://${text}`) : null);

/** By the name alone: proxies differ in whether they pass the port on, and who chooses a port has not chosen the name. */
const isOurs = (asked: URL, own: URL): boolean =>
  asked.hostname === own.hostname || (isLoopback(asked.hostname) && isLoopback(own.hostname));

/** Where our script says it stands. What Next cannot read of it, it would call a fault of ours. */
function isRouterStateSound(header: string | string[] | undefined): boolean {
  try {
    parseAndValidateFlightRouterState(header);
    return true;
  } catch {
    return false;
  }
}

/** Where Next has the page that says there is none. */
export const NO_PAGE = "/_not-found";

/** Next's page for its own faults has an address, and whoever asked for it would be answered 500 while nothing is wrong. */
export const isFaultPage = (url: string): boolean =>
  /^\/_global-error\b/i.test(decodeURIComponent(url.split("?", 1)[0] ?? ""));

const elsewhere = ({ origin }: URL): Refusal => ({
  status: 421,
  message: "This site has another address",
  advice: `<p>The pages are at <a class="address" href="${origin}/">${origin}</a>.</p>
<p class="hint">If you run this server, set its address with <code>APP_URL</code>.</p>`,
  home: `${origin}/`,
});

const AGAIN = '<a class="button primary" href="">Open the page again</a>';

const notThisWay: Refusal = {
  status: 405,
  message: "Pages do not accept this method",
  advice: `<p>You can open a page and send its forms.</p>\n${AGAIN}`,
  headers: { allow: "GET, HEAD, POST" },
};

const notUnderstood: Refusal = { status: 400, message: "This request cannot be read", advice: AGAIN };

const foreign: Refusal = {
  status: 403,
  message: "This form was sent from another site",
  advice: `<p>Nothing was done with it. If you filled it in, do so again on the page itself.</p>\n${AGAIN}`,
};

export const tooLarge: Refusal = {
  status: 413,
  message: "This form is too large",
  advice: `<p>Nothing was done with it. Go back, type less, and send it again.</p>\n${AGAIN}`,
};

export const notWhole: Refusal = {
  status: 400,
  message: "This form was damaged on the way",
  advice: `<p>Nothing was done with it. Open the page again and fill it in once more.</p>\n${AGAIN}`,
};
