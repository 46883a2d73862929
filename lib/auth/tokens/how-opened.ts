import type { Session } from "#db/schema.ts";

/**
 * What a token says of the log-in behind it: when its person last showed who they are, in seconds (`auth_time`, OpenID Connect Core
 * 1.0, section 2), and by what (`amr`, RFC 8176): `pwd`, `otp`, `mfa`. A mail and a provider have no word there.
 */
export function howOpened({ amr, confirmedAt, createdAt }: Pick<Session, "amr" | "confirmedAt" | "createdAt">) {
  return {
    auth_time: Math.floor((confirmedAt || createdAt) / 1000),
    ...(amr === "" ? {} : { amr: amr.split(" ") }),
  };
}
