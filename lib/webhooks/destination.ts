import { type LookupOptions, lookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { env, isLoopback } from "#lib/env.ts";
import { isPublicAddress } from "./public-address.ts";
import { WebhookRefused } from "./refused.ts";

/**
 * Where a webhook may lead. Whoever gives us a URL must not reach through us what only we reach: so a host outside
 * WEBHOOK_PRIVATE_HOSTS has public addresses, and this is asked of the very address that is connected to.
 */

const MOST_CHARACTERS = 2_000;

/**
 * Reads the URL of a webhook. Throws `url_invalid`, `url_not_https`, and `url_private` where that shows without asking for the name's
 * addresses.
 */
export function readDestination(text: string): URL {
  const url = URL.parse(text);
  if (!url || text.length > MOST_CHARACTERS) throw new WebhookRefused("url_invalid");
  const { protocol, hostname, username, password, hash } = url;
  if (!/^https?:$/.test(protocol) || username || password || hash) throw new WebhookRefused("url_invalid");
  const isNamed = isNamedPrivate(hostname);
  if (!isNamed && isPrivateByItself(hostname)) throw new WebhookRefused("url_private");
  if (protocol === "http:" && !(isNamed && isLoopback(hostname))) throw new WebhookRefused("url_not_https");
  return url;
}

/** A URL has rewritten an address in whatever spelling (0x7f.1, 2130706433) by the time its host is asked for. */
function isPrivateByItself(hostname: string): boolean {
  const address = hostname.replace(/^\[(.*)\]$/, "$1");
  return isIP(address) === 0 ? isLoopback(hostname) : !isPublicAddress(address);
}

const isNamedPrivate = (hostname: string): boolean => env().WEBHOOK_PRIVATE_HOSTS.includes(hostname.toLowerCase());

/** How the addresses of this URL's host are asked for by whoever connects; undefined: as usual. */
export const lookupFor = ({ hostname }: URL): LookupFunction | undefined =>
  isNamedPrivate(hostname) ? undefined : publicOnly(lookup);

/** Its name leads to an address that is not public. */
export class PrivateAddress extends Error {
  readonly code = "PRIVATE_ADDRESS";
}

type Resolve = (
  hostname: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: { address: string; family: number }[]) => void,
) => void;

/**
 * Hands on what `resolve` finds, asked once, if all of it is public. The connection is made to what is handed on, so a name that has
 * another address the next time gains nothing by it.
 */
export function publicOnly(resolve: Resolve): LookupFunction {
  return (hostname, options, callback) =>
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error || !first) return callback(error ?? new Error("No address"), "");
      if (!addresses.every(({ address }) => isPublicAddress(address))) return callback(new PrivateAddress(), "");
      if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
}
