"use client";

import { KEEP } from "./link-names.ts";

/** A link to a provider as the form shows it. */
export type ShownLink = { name: string; email: string };

/** Asks which other ways in shall stay. Nothing is shown to somebody who has none. */
export function KeepLinks({ links, kept }: { links: readonly ShownLink[]; kept: readonly string[] }) {
  if (links.length === 0) return null;
  return (
    <fieldset className="choices">
      <legend>Log in with Google</legend>
      <p className="hint">You can still log in with the ones you tick. Untick any you don’t know.</p>
      {links.map(({ name, email }) => (
        <label key={name}>
          <input type="checkbox" name={KEEP} value={name} defaultChecked={kept.includes(name)} />
          <span className="address">{email}</span>
        </label>
      ))}
    </fieldset>
  );
}
