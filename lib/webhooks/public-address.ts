import { BlockList, isIPv4, isIPv6 } from "node:net";

/** Which addresses are of the public internet: what a name may lead to that somebody else has in hand. */

/** IPv4, with the reason (IANA's registry of special-purpose addresses). */
const NOT_PUBLIC: Record<string, number> = {
  "0.0.0.0": 8, // this network
  "10.0.0.0": 8, // private
  "100.64.0.0": 10, // between a provider and its customers
  "127.0.0.0": 8, // loopback
  "169.254.0.0": 16, // link-local, and the metadata of clouds
  "172.16.0.0": 12, // private
  "192.0.0.0": 24, // protocols
  "192.0.2.0": 24, // documentation
  "192.88.99.0": 24, // relays of 6to4
  "192.168.0.0": 16, // private
  "198.18.0.0": 15, // measurements
  "198.51.100.0": 24, // documentation
  "203.0.113.0": 24, // documentation
  "224.0.0.0": 4, // multicast
  "240.0.0.0": 4, // reserved, and broadcast
};

/** Of IPv6 the other way round: these are public, */
const PUBLIC_6: Record<string, number> = {
  "2000::": 3, // all that is given out
  "64:ff9b::": 96, // IPv4 by NAT64
};
/** ... but for these. */
const NOT_PUBLIC_6: Record<string, number> = {
  "2001::": 23, // protocols, Teredo among them, which has an IPv4 address in it
  "2001:db8::": 32, // documentation
  "2002::": 16, // 6to4, which has one too
  "3fff::": 20, // documentation
};

const public6 = new BlockList();
for (const [net, prefix] of Object.entries(PUBLIC_6)) public6.addSubnet(net, prefix, "ipv6");

const notPublic = new BlockList();
for (const [net, prefix] of Object.entries(NOT_PUBLIC_6)) notPublic.addSubnet(net, prefix, "ipv6");
for (const [net, prefix] of Object.entries(NOT_PUBLIC)) {
  notPublic.addSubnet(net, prefix, "ipv4");
  notPublic.addSubnet(`64:ff9b::${net}`, 96 + prefix, "ipv6");
}

/** Whether this is an IP address, and a public one. What is no address at all is not. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !notPublic.check(address, "ipv4");
  // One with a zone belongs to a link of this machine.
  if (!isIPv6(address) || address.includes("%")) return false;
  return public6.check(address, "ipv6") && !notPublic.check(address, "ipv6");
}
