"use client";

import type { ReactNode } from "react";
import { useFormStatus } from "react-dom";

/** Disabled only while its form is on the way; `look` sets apart what leads on, what is beside it, and what destroys. */
export function SubmitButton({
  pending = false,
  look = "primary",
  waiting = false,
  describedBy,
  children,
}: {
  pending?: boolean;
  /** Shown as not yet to be pressed; still reached by the keyboard, so that its description is heard. */
  waiting?: boolean;
  describedBy?: string;
  look?: "primary" | "quiet" | "grave";
  children: ReactNode;
}) {
  const status = useFormStatus();
  const busy = pending || status.pending;
  return (
    <button
      type="submit"
      className={`button ${look}`}
      disabled={busy}
      aria-busy={busy}
      aria-disabled={waiting || undefined}
      aria-describedby={describedBy}
    >
      {children}
    </button>
  );
}
