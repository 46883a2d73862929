"use client";

import { type SubmitEvent, useActionState } from "react";
import { type FormAction, untouched } from "#lib/pages/forms/form-state.ts";
import { SubmitButton } from "./submit-button.tsx";
import { useCountdown } from "./use-countdown.ts";
import { useIsInteractive } from "./use-is-interactive.ts";

/**
 * Asks for another mail, once the wait is over. The server holds to the wait by itself; the count here is only told, in a
 * sentence that says the time where nothing can tick.
 */
export function Resend({
  action,
  seconds,
  readyAt,
}: {
  action: FormAction;
  /** Still to wait, by the server's count. */
  seconds: number;
  /** When the wait is over, in ms since 1970. */
  readyAt: number;
}) {
  const [state, send, pending] = useActionState(action, untouched);
  const left = useCountdown(seconds, readyAt);
  const isInteractive = useIsInteractive();
  const mustWait = isInteractive && left > 0;

  function onSubmit(event: SubmitEvent<HTMLFormElement>): void {
    if (mustWait) event.preventDefault();
  }

  return (
    <form className="resend" action={send} onSubmit={onSubmit}>
      {state.problem !== undefined && (
        <p className="field-error" role="alert">
          {state.problem}
        </p>
      )}
      <p id="resend-wait" className="wait">
        {left > 0 ? (
          isInteractive ? (
            <>
              No mail? You can ask for another in <span className="ticking">{asClock(left)}</span>.
            </>
          ) : (
            `No mail? You can ask for another in ${left} second${left === 1 ? "" : "s"}, at ${timeOfDay(readyAt)}.`
          )
        ) : (
          "No mail? Check your spam folder, or ask for another."
        )}
      </p>
      <p className="done" role="status">
        {left > 0
          ? state.done
          : isInteractive && seconds > 0 && <span className="unseen">You can ask for another mail now.</span>}
      </p>
      <SubmitButton look="quiet" pending={pending} waiting={mustWait} describedBy="resend-wait">
        Send another mail
      </SubmitButton>
    </form>
  );
}

/** 65 -> "1:05". */
function asClock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function timeOfDay(at: number): string {
  return `${new Date(at).toISOString().slice(11, 19)} UTC`;
}
