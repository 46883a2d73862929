/** The token of a mailed link: what it is called in a query and in a form, how it gets in and out again. */

/** As the auth contract's document calls it, so that a caller's own page finds it where the document says. */
export const TOKEN_NAME = "authToken";

/** Adds the token to the query of an absolute URL or of a path, and leaves the rest, and the fragment, as they were written. */
export function withToken(link: string, token: string): string {
  const isPath = link.startsWith("/");
  const url = new URL(link, "http://path.invalid");
  // Two of them, and it were the other site's choice which one it reads.
  if (url.searchParams.has(TOKEN_NAME)) url.searchParams.delete(TOKEN_NAME);
  url.search += `${url.search ? "&" : ""}${TOKEN_NAME}=${encodeURIComponent(token)}`;
  return isPath ? url.pathname + url.search + url.hash : url.href;
}

type Values = FormData | URLSearchParams | Record<string, string | string[] | undefined>;

/** The token in a form or a query, or undefined where there is none; of several, the first. What is in it, only its check can tell. */
export function tokenIn(values: Values): string | undefined {
  const found =
    values instanceof FormData || values instanceof URLSearchParams ? values.get(TOKEN_NAME) : values[TOKEN_NAME];
  const first = Array.isArray(found) ? found[0] : found;
  return typeof first === "string" ? first : undefined;
}
