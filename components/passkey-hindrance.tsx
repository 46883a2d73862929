"use client";

import { useSyncExternalStore } from "react";

/** Why no passkey can be used on this page. `scripts`: no script runs here, or none has yet. */
export type Hindrance = "scripts" | "host" | "browser";

/** Undefined where nothing stands in the way. `origin` is the one that passkeys of this site are made for; null where it has none. */
export function useHindrance(origin: string | null): Hindrance | undefined {
  return useSyncExternalStore(
    () => () => {},
    () => {
      // Another name for this server, or the same under another port: the browser would refuse, without saying why.
      if (origin !== window.location.origin) return "host";
      return window.PublicKeyCredential ? undefined : "browser";
    },
    () => "scripts",
  );
}

export function PasskeyHindrance({ hindrance, origin }: { hindrance: Hindrance; origin: string | null }) {
  if (hindrance === "scripts")
    return (
      <noscript>
        <p className="hint">Passkeys need JavaScript, which is switched off here.</p>
      </noscript>
    );
  if (hindrance === "browser") return <p className="hint">This browser cannot use passkeys.</p>;
  if (origin === null)
    return <p className="hint">Passkeys need a site with a name, and this one is set up under a bare IP address.</p>;
  return (
    <p className="hint">
      Passkeys of this site work only at <a href={origin}>{origin}</a>.
    </p>
  );
}
