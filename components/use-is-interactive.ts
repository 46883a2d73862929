"use client";

import { useSyncExternalStore } from "react";

/** False on the server and wherever JavaScript never arrives: what needs it is not shown there. */
export function useIsInteractive(): boolean {
  return useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  );
}
