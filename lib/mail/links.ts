import { env } from "#lib/env.ts";

/** A page of ours, as a mail names it. */
export const page = (path: string): string => env().APP_URL + path;

/** Where a mail's link leads when whoever asked for it named nothing else. */
export const ownPages = {
  "verify-email": () => page("/verify-email"),
  "reset-password": () => page("/reset-password"),
  invite: () => page("/invitation"),
  "link-provider": () => page("/link-google"),
  "change-email": () => page("/account/email"),
  "undo-email-change": () => page("/undo-email-change"),
};
