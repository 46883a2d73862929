"use client";

import { useIsInteractive } from "./use-is-interactive.ts";

/** A moment (ms since 1970): in UTC as the server writes it, in the reader's own time zone once JavaScript is here. */
export function LocalTime({ at, withTime = true }: { at: number; withTime?: boolean }) {
  const isInteractive = useIsInteractive();
  const format = new Intl.DateTimeFormat("en-GB", {
    dateStyle: withTime ? "medium" : "long",
    ...(withTime ? { timeStyle: "short" } : {}),
    ...(isInteractive ? {} : { timeZone: "UTC" }),
  });
  const zone = isInteractive || !withTime ? "" : " UTC";
  return <time dateTime={new Date(at).toISOString()}>{format.format(at) + zone}</time>;
}
