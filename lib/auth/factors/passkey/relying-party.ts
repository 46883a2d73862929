import { isIP } from "node:net";
import { env } from "#lib/env.ts";

/** This site, as authenticators know it (WebAuthn Level 3, section 5.4.2). */
export type RelyingParty = {
  /** The host of APP_URL: a passkey made here works at no other. */
  id: string;
  origin: string;
  name: string;
};

/** Null where APP_URL names a bare IP address, for which browsers make no passkeys. */
export function relyingParty(): RelyingParty | null {
  const { hostname, host, origin } = new URL(env().APP_URL);
  const isAddress = isIP(hostname.replace(/^\[|\]$/g, "")) !== 0;
  return isAddress ? null : { id: hostname, origin, name: host };
}
