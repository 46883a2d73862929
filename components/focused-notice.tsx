"use client";

import { type ReactNode, useEffect, useRef } from "react";

/**
 * A notice about what is gone from the page, and with it the button that had the focus: the focus comes here, and not to
 * the top of the document. Give it a new key with every answer, so that a second deed takes it here again.
 */
export function FocusedNotice({ tone = "good", children }: { tone?: "good" | "problem"; children: ReactNode }) {
  const box = useRef<HTMLParagraphElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    // Without JavaScript the page comes back whole, and autofocus brings people here.
    // biome-ignore lint/a11y/noAutofocus: only ever there after a button of this page took its own row away
    <p className={`notice ${tone}`} role="status" ref={box} tabIndex={-1} autoFocus>
      {children}
    </p>
  );
}
