import type { ReactNode } from "react";
import { Brand } from "./brand.tsx";

/** What stands round every page: the way home, and one plate in the middle. */
export function Frame({ children }: { children: ReactNode }) {
  return (
    <div className="frame">
      <header className="top">
        <Brand />
      </header>
      <main className="card">{children}</main>
    </div>
  );
}
