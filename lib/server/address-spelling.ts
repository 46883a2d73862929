import { isIP, SocketAddress } from "node:net";

/**
 * The one spelling of an IP address, or undefined where it is none. Proxies write ports, brackets, zeros and IPv4 within
 * IPv6 as they like; each spelling that stood for itself would be a fresh counter for the same caller.
 */
export function oneSpelling(written: string): string | undefined {
  const address = withoutZeros(withoutPort(written.trim()).replace(/%.*$/, "")).replace(IN_IPV6, "");
  const version = isIP(address);
  if (version === 0) return undefined;
  // Without zeros there is one way to write it.
  if (version === 4) return address;
  return new SocketAddress({ address, family: "ipv6" }).address.replace(IN_IPV6, "");
}

const IN_IPV6 = /^::ffff:(?=\d+\.)/i;

const withoutPort = (written: string): string =>
  /^\[([^\]]*)\](?::\d+)?$/.exec(written)?.[1] ?? /^([\d.]+):\d+$/.exec(written)?.[1] ?? written;

/** Of the dotted part: those of IPv6 groups are part of its grammar. */
const withoutZeros = (address: string): string => address.replace(/(?<=^|[.:])0+(?=\d+\.)|(?<=\.)0+(?=\d)/g, "");
