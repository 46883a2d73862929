import { SPELLINGS } from "./lib/contracts/spellings.ts";
import { COMMON_HEADERS } from "./lib/server/common-headers.ts";

/** @type {import("next").NextConfig} */
export default {
  // Each build has a folder of its own; the build and the start name it here (lib/server/builds.ts).
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
    "pg",
    // Not bundled: db/sqlite.ts has its queries wait for locks, and every bundle's own copy would have to be told.
    "drizzle-orm",
    "bcryptjs",
    "nodemailer",
    "resend",
    "@zxcvbn-ts/language-common",
    "@aws-sdk/client-sts",
  ],
  headers: async () => [
    { source: "/:path*", headers: Object.entries(COMMON_HEADERS).map(([key, value]) => ({ key, value })) },
    // A mail of the local mailbox is shown in a frame of our own page.
    { source: "/dev/mailbox/:id/html", headers: [{ key: "x-frame-options", value: "SAMEORIGIN" }] },
    // And so is the mail that one is about to send.
    { source: "/invite/preview", headers: [{ key: "x-frame-options", value: "SAMEORIGIN" }] },
  ],
  rewrites: async () => ({ beforeFiles: SPELLINGS.map(({ source, destination }) => ({ source, destination })) }),
};
