import { isIP, SocketAddress } from "node:net";

/**
 * The one spelling of an IP address, or undefined where it is none. Proxies write ports, brackets, zeros and IPv4 within
 * IPv6 as they like; each spelling that stood for itself would be a fresh counter for the same caller.
 */
export function oneSpelling(written: string): string | undefined {
  const address = withoutZeros(withoutPort(written.trim()).replace(/%.*$/, ""));
  const version = isIP(address);
  if (version === 0) return undefined;
  const spelt = new SocketAddress({ address, family: version === 6 ? "ipv6" : "ipv4" }).address;
  return spelt.replace(/^::ffff:(?=\d+\.)/, "");
}

const withoutPort = (written: string): string =>
  /^\[([^\]]*)\](?::\d+)?$/.exec(written)?.[1] ?? /^([\d.]+):\d+$/.exec(written)?.[1] ?? written;

/** Of the dotted part: those of IPv6 groups are part of its grammar. */
const withoutZeros = (address: string): string => address.replace(/(?<=^|[.:])0+(?=\d+\.)|(?<=\.)0+(?=\d)/g, "");
