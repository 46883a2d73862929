import type { ReactNode } from "react";

/** Good news, a state worth knowing, or (`problem`) what went wrong elsewhere; announced, and never in the way. */
export function Notice({ tone = "good", children }: { tone?: "good" | "problem"; children: ReactNode }) {
  return (
    <p className={`notice ${tone}`} role="status">
      {children}
    </p>
  );
}
