import { env } from "#lib/env.ts";
import { withNext } from "./next-link.ts";

/** Where a mail's link leads, without its token. From the settings, never from the request: a Host header can be forged. */
export function mailedLink(
  path: "/verify-email" | "/reset-password" | "/invitation" | "/account/email",
  next?: string,
): string {
  return env().APP_URL + withNext(path, next);
}
