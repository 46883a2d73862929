"use client";

import { useState } from "react";
import type { FieldSpec } from "#lib/pages/forms/fields.ts";
import { Field } from "./field.tsx";
import { useIsInteractive } from "./use-is-interactive.ts";
import type { ServerForm } from "./use-server-form.ts";

/** A password, with a button to see what one types. It is hidden again on the way out, so that browsers do not keep it as text. */
export function PasswordField({ form, spec }: { form: ServerForm; spec: FieldSpec }) {
  const [wantsToSee, setWantsToSee] = useState(false);
  const isInteractive = useIsInteractive();
  const isShown = wantsToSee && !form.pending;
  return (
    <Field
      form={form}
      spec={spec}
      type={isShown ? "text" : "password"}
      beside={
        isInteractive && (
          <button
            type="button"
            className="reveal"
            aria-pressed={isShown}
            aria-controls={spec.name}
            aria-label={`Show ${spec.label.toLowerCase()}`}
            onClick={() => setWantsToSee(!wantsToSee)}
          >
            Show
          </button>
        )
      }
    />
  );
}
