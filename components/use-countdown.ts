"use client";

import { useEffect, useState } from "react";

/**
 * Seconds left of `seconds`, which the server counted: no clock of the browser is compared with the server's. Starts anew
 * when `since` changes (a newer mail went out).
 */
export function useCountdown(seconds: number, since: number): number {
  const [count, setCount] = useState({ left: seconds, since });
  // A newer mail: the count of the older one is over before this render is shown.
  if (count.since !== since) setCount({ left: seconds, since });
  useEffect(() => {
    const start = performance.now();
    const timer = setInterval(() => {
      const left = Math.max(0, Math.ceil(seconds - (performance.now() - start) / 1000));
      setCount({ left, since });
      if (left === 0) clearInterval(timer);
    }, 250);
    return () => clearInterval(timer);
  }, [seconds, since]);
  return count.left;
}
