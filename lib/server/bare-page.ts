import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { COMMON_HEADERS } from "./common-headers.ts";

/**
 * A page that is one string: for what is said before Next is asked, or in its place. It needs no JavaScript, and has the
 * look and the icon of every page in itself, since nothing else may answer either.
 */
export type BarePage = {
  /** What stands in the tab, after "Error: ". */
  title: string;
  heading: string;
  /** HTML, below the heading. */
  body: string;
  /** Where the sign above the page leads; without it to the home page under the name that was asked. */
  home?: string | undefined;
};

export function barePage({ title, heading, body, home = "/" }: BarePage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Error: ${title} · Latchkey</title>
<style>${style()}</style>
</head>
<body>
<div class="frame">
<header class="top"><a class="brand" href="${home}">${plate()}<span>Latchkey</span></a></header>
<main class="card">
<h1>${heading}</h1>
${body}
</main>
</div>
</body>
</html>
`;
}

export function headersOf(page: string): Record<string, string> {
  const digest = createHash("sha256").update(style()).digest("base64");
  return {
    ...COMMON_HEADERS,
    "content-type": "text/html; charset=utf-8",
    "content-length": String(Buffer.byteLength(page)),
    "cache-control": "no-store",
    "content-security-policy": `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  };
}

/** As text in HTML. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

let read: { style: string; plate: string } | undefined;
const files = () =>
  (read ??= { style: readFileSync("app/globals.css", "utf8"), plate: readFileSync("app/icon.svg", "utf8") });
const style = (): string => files().style;
const plate = (): string =>
  // As tall as the sign of every page (components/brand.tsx), without the room that makes the icon a square.
  files()
    .plate.replace('viewBox="-4 0 40 40"', 'viewBox="0 0 32 40"')
    .replace("<svg", '<svg class="plate" width="28" height="35" aria-hidden="true"');
