"use client";

import { FocusedNotice } from "./focused-notice.tsx";
import { PasskeyHindrance, useHindrance } from "./passkey-hindrance.tsx";

/** The button of a ceremony, where this browser and this address can hold one; else the reason. */
export function PasskeyButton({
  origin,
  ceremony: { run, problem, pending },
  look = "quiet",
  children,
}: {
  origin: string | null;
  ceremony: { run: () => void; problem?: string | undefined; pending: boolean };
  look?: "primary" | "quiet";
  children: string;
}) {
  const hindrance = useHindrance(origin);
  if (hindrance) return <PasskeyHindrance hindrance={hindrance} origin={origin} />;
  return (
    <div className="ceremony">
      {problem && (
        <FocusedNotice tone="problem" key={problem}>
          {problem}
        </FocusedNotice>
      )}
      <button type="button" className={`button ${look}`} onClick={() => run()} disabled={pending} aria-busy={pending}>
        {children}
      </button>
    </div>
  );
}
