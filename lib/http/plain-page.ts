import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** Pages that need neither Next nor JavaScript: what a browser is shown where no page of ours could be rendered. */
export function documentOf(title: string, card: string): string {
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
<header class="top"><a class="brand" href="/">${plate()}<span>Latchkey</span></a></header>
<main class="card">
${card}
</main>
</div>
</body>
</html>
`;
}

export function headersOf(page: string): Record<string, string> {
  const digest = createHash("sha256").update(style()).digest("base64");
  return {
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
  files().plate.replace("<svg", '<svg class="plate" width="35" height="35" aria-hidden="true"');
