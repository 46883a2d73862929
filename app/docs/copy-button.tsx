"use client";

import { type MouseEvent, useState } from "react";
import { useIsInteractive } from "#components/use-is-interactive.ts";

/** Copies the text of the snippet it stands in. */
export function CopyButton({ what }: { what: string }) {
  const isInteractive = useIsInteractive();
  const [said, setSaid] = useState("");
  if (!isInteractive) return null;

  async function copy({ currentTarget }: MouseEvent<HTMLButtonElement>): Promise<void> {
    const text = currentTarget.closest(".snippet")?.querySelector("pre")?.textContent ?? "";
    // A browser may refuse; then the text is still there to be marked.
    await navigator.clipboard.writeText(text).then(
      () => setSaid("Copied"),
      () => setSaid("Could not copy"),
    );
  }

  return (
    <span className="copy">
      <span role="status">{said}</span>
      <button type="button" onClick={copy} aria-label={`Copy: ${what}`}>
        Copy
      </button>
    </span>
  );
}
