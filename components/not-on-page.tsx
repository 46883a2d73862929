"use client";

import { usePathname } from "next/navigation";
import type { ReactNode } from "react";

/** Leaves out, on one page, what a layout shows on all: a layout is not told on which page it is. */
export function NotOnPage({ path, children }: { path: string; children: ReactNode }) {
  return usePathname() === path ? null : children;
}
