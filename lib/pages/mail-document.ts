/**
 * A mail's HTML as a document for a frame on our own page, shown as a mail program shows it: nothing in it runs, nothing is
 * fetched, and it is nobody's origin. `allowed`: what its sandbox lets it do all the same (the frame's attribute is to match).
 */
export function mailDocument(html: string, allowed = ""): Response {
  const policy = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    `sandbox ${allowed}`.trim(),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join("; ");
  return new Response(html, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy,
      "cache-control": "no-store",
    },
  });
}
