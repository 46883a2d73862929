"use client";

import { useIsInteractive } from "#components/use-is-interactive.ts";

/** Without JavaScript the browser's own menu prints. */
export function PrintButton() {
  if (!useIsInteractive()) return null;
  return (
    <button type="button" className="button quiet" onClick={() => window.print()}>
      Print
    </button>
  );
}
