/**
 * What every answer carries, of a page and of a program's. The Content-Security-Policy is the page's own (proxy.ts) or the
 * API's (lib/contracts/endpoint.ts).
 */
export const COMMON_HEADERS: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  // A mailed link's token stands in the address; no other site is told it.
  // Not `no-referrer`: under it a browser posts a form with `Origin: null`, and a server action refuses that.
  "referrer-policy": "same-origin",
  "x-frame-options": "DENY",
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  // Browsers heed it over https only.
  "strict-transport-security": "max-age=31536000",
};
