/**
 * A path of our own to go on to, or `fallback`. Compared as a browser would read it: `//evil`, `/\evil` and
 * `https:evil` all leave this site, and so would an open redirect after a log-in that people trust.
 */
export function safeNextPath(value: string | null | undefined, fallback = "/account"): string {
  if (!value?.startsWith("/")) return fallback;
  const base = "http://latchkey.invalid";
  const url = URL.parse(value, base);
  if (!url || url.origin !== base) return fallback;
  const path = url.pathname + url.search + url.hash;
  return path.startsWith("//") ? fallback : path;
}
