import type { ReactNode } from "react";
import { ConsoleNav } from "#components/console-nav.tsx";
import { currentRole } from "#lib/pages/operator.ts";

/** Keeps nobody out: each page does (lib/pages/operator.ts). */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  return (
    <>
      {(await currentRole()) && <ConsoleNav />}
      {children}
    </>
  );
}
