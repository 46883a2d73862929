import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { requestId } from "#lib/pages/session.ts";
import "./globals.css";

export const metadata: Metadata = {
  applicationName: "Latchkey",
  // Accounts are nobody's search results, and digits in an address are no phone numbers.
  robots: { index: false, follow: false },
  formatDetection: { telephone: false, email: false, address: false, date: false },
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  colorScheme: "light dark",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f4f0e6" },
    { media: "(prefers-color-scheme: dark)", color: "#16191a" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  return (
    // Reading the request makes every page dynamic, which its nonce needs; the id is what an error page shows.
    <html lang="en" data-request-id={await requestId()}>
      <body>{children}</body>
    </html>
  );
}
