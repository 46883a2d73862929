"use client";

import type { ReactNode } from "react";
import { ErrorSummary } from "./error-summary.tsx";
import { PageTitle } from "./page-title.tsx";
import { SubmitButton } from "./submit-button.tsx";
import type { ServerForm } from "./use-server-form.ts";

/** The frame of every form: the summary of what is wrong, the fields, the button. `title` is the page's. */
export function Form({
  form,
  title,
  submit,
  look,
  children,
}: {
  form: ServerForm;
  title: string;
  submit: string;
  look?: "primary" | "grave";
  children: ReactNode;
}) {
  return (
    <>
      <PageTitle title={title} hasErrors={form.shown.length > 0 || form.problem !== undefined} />
      <ErrorSummary errors={form.shown} problem={form.problem} isOutdated={form.isOutdated} refusals={form.refusals} />
      {/* Not the browser's own bubbles: they vanish, cannot be styled for contrast, and name one field at a time. */}
      <form className="form" action={form.action} onSubmit={form.onSubmit} noValidate>
        {children}
        <SubmitButton pending={form.pending} {...(look && { look })}>
          {submit}
        </SubmitButton>
      </form>
    </>
  );
}
