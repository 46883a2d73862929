"use client";

import { type MouseEvent, useEffect, useRef } from "react";
import { OpenAnew } from "./open-anew.tsx";

/** What is wrong, in one place at the top, with a way to each field. It takes the focus whenever a submit was refused. */
export function ErrorSummary({
  errors,
  problem,
  isOutdated,
  refusals,
}: {
  errors: readonly { name: string; message: string }[];
  problem: string | undefined;
  isOutdated?: boolean | undefined;
  refusals: number;
}) {
  const box = useRef<HTMLDivElement>(null);
  const answered = useRef(0);
  // After every render: the errors of a refusal may come a render later than its count.
  useEffect(() => {
    if (refusals === answered.current || !box.current) return;
    answered.current = refusals;
    box.current.focus();
  });
  if (errors.length === 0 && problem === undefined) return null;
  return (
    // Without JavaScript the page comes back whole, and autofocus brings people here.
    // biome-ignore lint/a11y/noAutofocus: only ever there after a refused submit, when focus belongs here (WCAG 3.3.1)
    <div className="error-summary" id="error-summary" ref={box} tabIndex={-1} autoFocus>
      <div role="alert">
        <h2>There is a problem</h2>
        {problem !== undefined && <p>{problem}</p>}
        {isOutdated && <OpenAnew look="quiet" />}
        {errors.length > 0 && (
          <ul>
            {errors.map(({ name, message }) => (
              <li key={name}>
                <a href={`#${name}`} onClick={goToField}>
                  {message}
                </a>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

/** Straight into the field, without an entry in the history. */
function goToField(event: MouseEvent<HTMLAnchorElement>): void {
  event.preventDefault();
  document.getElementById(event.currentTarget.hash.slice(1))?.focus();
}
