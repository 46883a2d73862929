import type { ReactNode } from "react";
import { CopyButton } from "./copy-button.tsx";

/** Text to read and to take along. */
export function Snippet({ title, label, children }: { title: string; label: string; children: ReactNode }) {
  return (
    <figure className="snippet" aria-label={label}>
      <figcaption>
        {title}
        <CopyButton what={label} />
      </figcaption>
      <pre>
        <code>{children}</code>
      </pre>
    </figure>
  );
}
