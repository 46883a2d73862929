"use client";

import { usePathname } from "next/navigation";
import { createContext, type ReactNode, useContext } from "react";
import { serializeTyped, type Typed } from "#lib/pages/forms/typed-before.ts";

const Before = createContext<Typed | undefined>(undefined);

/** Hands the forms within what was typed into them before the page had to be opened anew. */
export function TypedBefore({ typed, children }: { typed: Typed | undefined; children: ReactNode }) {
  return <Before value={typed}>{children}</Before>;
}

export function useTypedBefore(): Typed["values"] {
  const typed = useContext(Before);
  return usePathname() === typed?.path ? typed.values : {};
}

/** Keeps what was typed for when this page is opened anew. */
export function rememberTyped(values: Typed["values"]): void {
  const { pathname, protocol } = window.location;
  // biome-ignore lint/suspicious/noDocumentCookie: the cookie store API is not in every browser people have
  document.cookie = serializeTyped({ path: pathname, values }, protocol === "https:");
}
