"use client";

import { usePathname } from "next/navigation";

const PARTS = [
  { name: "Overview", path: "/admin" },
  { name: "People", path: "/admin/people" },
  { name: "Mail", path: "/admin/mail" },
  { name: "Invitations", path: "/admin/invitations" },
  { name: "Trail", path: "/admin/trail" },
  { name: "Operators", path: "/admin/operators" },
] as const;

/** The way from each part of the console to the others; the one where one is says so. */
export function ConsoleNav() {
  const here = usePathname();
  return (
    <nav className="parts console" aria-label="Console">
      {PARTS.map(({ name, path }) => (
        <a key={path} href={path} aria-current={currentOf(path, here)}>
          {name}
        </a>
      ))}
    </nav>
  );
}

function currentOf(path: string, here: string): "page" | "true" | undefined {
  if (here === path) return "page";
  return path !== "/admin" && here.startsWith(`${path}/`) ? "true" : undefined;
}
