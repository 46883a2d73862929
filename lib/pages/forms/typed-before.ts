import { typedValues } from "./read-form.ts";

/**
 * What was typed into a form from before an update of this site, on its way into the same form of today; or into one that first
 * has somebody show once more who they are. It goes by a
 * cookie, since a form may have been sent without JavaScript, and not by the address, which proxies write down.
 */
export type Typed = {
  /** Of the page: what was typed on one turns up on no other. */
  readonly path: string;
  readonly values: Readonly<Record<string, string>>;
};

/** How long somebody may take to come back. */
export const KEPT_SECONDS = 300;

/** Over https the prefix keeps other hosts of the same domain from setting it. */
export const typedCookie = (isSecure: boolean): string => `${isSecure ? "__Host-" : ""}latchkey_typed`;

/** As a Set-Cookie header, and as a script sets it: so it is not HttpOnly, and holds nothing that the page did not show. */
export function serializeTyped(typed: Typed, isSecure: boolean): string {
  const value = encodeURIComponent(JSON.stringify(typed));
  return `${typedCookie(isSecure)}=${value}; Path=/; Max-Age=${KEPT_SECONDS}; SameSite=Strict${isSecure ? "; Secure" : ""}`;
}

/** The cookie's value, decoded; anybody can write one. */
export function parseTyped(value: string | undefined): Typed | undefined {
  if (!value) return undefined;
  try {
    const { path, values } = JSON.parse(value);
    if (typeof path !== "string") return undefined;
    return { path, values: typedValues(new Map(Object.entries(values))) };
  } catch {
    return undefined;
  }
}
