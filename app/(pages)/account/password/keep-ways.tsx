"use client";

import { LocalTime } from "#components/local-time.tsx";
import { KEEP } from "./way-names.ts";

/** A link to a provider, or a passkey, as the form shows it; `isNew`: whoever the password is changed because of may have added it. */
export type ShownWay = { name: string; label: string; addedAt: number; isNew: boolean };

/** Asks which other ways in of one kind shall stay. Nothing is shown to somebody who has none. */
export function KeepWays({
  legend,
  ways,
  kept,
}: {
  legend: string;
  ways: readonly ShownWay[];
  kept: readonly string[] | undefined;
}) {
  if (ways.length === 0) return null;
  return (
    <fieldset className="choices">
      <legend>{legend}</legend>
      <p className="hint">
        You can still log in with the ones you tick. Untick any you don’t know.
        {ways.some(({ isNew }) => isNew) &&
          " Those added in the last seven days are not ticked. Tick them if you added them yourself."}
      </p>
      {ways.map(({ name, label, addedAt, isNew }) => (
        <label key={name}>
          <input type="checkbox" name={KEEP} value={name} defaultChecked={kept?.includes(name) ?? !isNew} />
          <span>
            <span className="address">{label}</span>
            <span className="hint">
              , added <LocalTime at={addedAt} withTime={false} />
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
