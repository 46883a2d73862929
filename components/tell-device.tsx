"use client";

import { useEffect } from "react";
import { tellDevice } from "./ceremony.ts";

export type KnownPasskeys = { rpId: string; userHandle: string; known: string[] };

/** Tells this device which passkeys of the account there are, and then goes on to `then`, where there is one. */
export function TellDevice({ rpId, userHandle, known, then }: KnownPasskeys & { then?: string }) {
  const list = known.join(" ");
  useEffect(() => {
    const told = tellDevice({ rpId, userHandle, known: list.split(" ").filter(Boolean) });
    // Not to come back to with the browser's button.
    if (then) told.catch(() => {}).then(() => window.location.replace(then));
  }, [rpId, userHandle, list, then]);
  return null;
}
