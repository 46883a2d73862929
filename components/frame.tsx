import type { ReactNode } from "react";
import { Brand } from "./brand.tsx";

/** What stands round every page: the way home, the way to one's account (`aside`), and one plate in the middle. */
export function Frame({ aside, children }: { aside?: ReactNode; children: ReactNode }) {
  return (
    <div className="frame">
      <header className="top">
        <Brand />
        {aside}
      </header>
      <main className="card">{children}</main>
    </div>
  );
}
