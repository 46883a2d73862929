import { SPELLINGS } from "./lib/contracts/spellings.ts";

/** @type {import("next").NextConfig} */
export default {
  // Each build lies in a folder of its own, which who builds and who starts names here (lib/server/builds.ts).
  distDir: process.env.LATCHKEY_BUILD ?? ".next",
  poweredByHeader: false,
  // No page shows an image that must be resized; /_next/image would do that work for anyone.
  images: { unoptimized: true },
  // The contracts' clients POST to both spellings of a path; a redirect would lose their bodies.
  skipTrailingSlashRedirect: true,
  experimental: {
    // Types of the routes come in by next-env.d.ts, so that a build leaves tsconfig.json as it is.
    strictRouteTypes: true,
    // Ours is the limit that counts (lib/server/posted-form.ts): Next answers what is over its own with a 500.
    serverActions: { bodySizeLimit: "4mb" },
  },
  serverExternalPackages: [
    "better-sqlite3",
    // Not bundled: db/client.ts has its queries wait for locks, and every bundle's own copy would have to be told.
    "drizzle-orm",
    "bcryptjs",
    "nodemailer",
    "resend",
    "@zxcvbn-ts/language-common",
    "@aws-sdk/client-sts",
  ],
  // What every answer carries. The Content-Security-Policy is the page's own (proxy.ts) or the API's (lib/contracts/endpoint.ts).
  headers: async () => [
    {
      source: "/:path*",
      headers: [
        { key: "x-content-type-options", value: "nosniff" },
        // A mailed link's token stands in the address; no other site is told it.
        // Not `no-referrer`: under it a browser posts a form with `Origin: null`, and a server action refuses that.
        { key: "referrer-policy", value: "same-origin" },
        { key: "x-frame-options", value: "DENY" },
        { key: "cross-origin-opener-policy", value: "same-origin" },
        { key: "permissions-policy", value: "camera=(), geolocation=(), microphone=(), payment=(), usb=()" },
        // Browsers heed it over https only.
        { key: "strict-transport-security", value: "max-age=31536000" },
      ],
    },
    // A mail of the local mailbox is shown in a frame of our own page.
    { source: "/dev/mailbox/:id/html", headers: [{ key: "x-frame-options", value: "SAMEORIGIN" }] },
    // And so is the mail that one is about to send.
    { source: "/invite/preview", headers: [{ key: "x-frame-options", value: "SAMEORIGIN" }] },
  ],
  rewrites: async () => ({ beforeFiles: SPELLINGS.map(({ source, destination }) => ({ source, destination })) }),
};
