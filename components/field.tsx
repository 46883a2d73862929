"use client";

import type { ReactNode } from "react";
import type { FieldSpec } from "#lib/pages/forms/fields.ts";
import type { ServerForm } from "./use-server-form.ts";

/** A label, its hint, the error if there is one, and the input they all belong to. */
export function Field({
  form,
  spec,
  type = spec.type,
  fixed,
  beside,
}: {
  form: ServerForm;
  spec: FieldSpec;
  /** Another than the field's own while a password is shown. */
  type?: FieldSpec["type"];
  /** A value to be seen and not to be changed. */
  fixed?: string;
  /** Stands in the input's row. */
  beside?: ReactNode;
}) {
  const { name, label, hint, autoComplete, inputMode, minLength, isOptional, autoCapitalize } = spec;
  const error = form.errorOf(name);
  const describedBy = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(" ");
  return (
    <div className={error ? "field wrong" : "field"}>
      <label htmlFor={name}>{label}</label>
      {hint && (
        <p className="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p className="field-error" id={`${name}-error`}>
          <span className="unseen">Error: </span>
          {error}
        </p>
      )}
      <div className={`input-row ${autoComplete === "one-time-code" ? "code" : ""}`}>
        <input
          {...form.register(name)}
          id={name}
          type={type}
          autoComplete={autoComplete}
          inputMode={inputMode}
          minLength={minLength}
          defaultValue={fixed ?? form.values[name]}
          readOnly={fixed !== undefined}
          required={!isOptional}
          spellCheck={false}
          autoCapitalize={autoCapitalize ?? "none"}
          aria-describedby={describedBy || undefined}
          aria-invalid={error ? true : undefined}
        />
        {beside}
      </div>
    </div>
  );
}
