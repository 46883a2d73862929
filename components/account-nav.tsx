"use client";

import { usePathname } from "next/navigation";

type Part = { name: string; path: string; below?: readonly string[] };

/** The parts of an account, in the order of how often people look for them. `below`: pages of the part that lie elsewhere. */
const PARTS: readonly Part[] = [
  { name: "You", path: "/account", below: ["/account/profile", "/account/email"] },
  { name: "Security", path: "/account/security", below: ["/account/password", "/account/confirm"] },
  { name: "Sessions", path: "/account/sessions" },
  { name: "Invitations", path: "/invite" },
  { name: "What happened", path: "/account/activity" },
  { name: "Your data", path: "/account/data" },
];

/** The way from each part of an account to the others; the one where one is says so. `hasConsole`: for whoever looks after other accounts too. */
export function AccountNav({ hasConsole }: { hasConsole: boolean }) {
  const here = usePathname();
  return (
    <nav className="parts" aria-label="Your account">
      {PARTS.map((part) => (
        <a key={part.path} href={part.path} aria-current={currentOf(part, here)}>
          {part.name}
        </a>
      ))}
      {hasConsole && <a href="/admin">Console</a>}
    </nav>
  );
}

function currentOf({ path, below = [] }: Part, here: string): "page" | "true" | undefined {
  if (here === path) return "page";
  // Every other part of the account lies under the first one's path, and is not a page of it.
  const roots = path === "/account" ? below : [path, ...below];
  return roots.some((root) => here === root || here.startsWith(`${root}/`)) ? "true" : undefined;
}
