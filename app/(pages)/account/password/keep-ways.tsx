"use client";

import { KEEP } from "./way-names.ts";

/** A link to a provider, or a passkey, as the form shows it. */
export type ShownWay = { name: string; label: string };

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
      <p className="hint">You can still log in with the ones you tick. Untick any you don’t know.</p>
      {ways.map(({ name, label }) => (
        <label key={name}>
          <input type="checkbox" name={KEEP} value={name} defaultChecked={kept?.includes(name) ?? true} />
          <span className="address">{label}</span>
        </label>
      ))}
    </fieldset>
  );
}
