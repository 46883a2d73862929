"use client";

import { type ReactNode, useActionState } from "react";
import { type FormAction, untouched } from "#lib/pages/forms/form-state.ts";
import { SubmitButton } from "./submit-button.tsx";

/** One button that may be refused, and says so in its place. */
export function ActionForm({
  action,
  submit,
  look = "primary",
  children,
}: {
  action: FormAction;
  submit: string;
  look?: "primary" | "quiet" | "grave";
  /** Hidden fields. */
  children?: ReactNode;
}) {
  const [state, send, pending] = useActionState(action, untouched);
  return (
    <form className="form" action={send}>
      {state.problem !== undefined && (
        <p className="field-error" role="alert">
          {state.problem}
        </p>
      )}
      {children}
      <SubmitButton look={look} pending={pending}>
        {submit}
      </SubmitButton>
    </form>
  );
}
