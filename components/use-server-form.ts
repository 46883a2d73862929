"use client";

import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import { unstable_isUnrecognizedActionError, unstable_rethrow } from "next/navigation";
import { type SubmitEvent, useActionState, useMemo, useRef, useState, useTransition } from "react";
import { useForm } from "react-hook-form";
import type * as z from "zod/mini";
import type { FieldSpec } from "#lib/pages/forms/fields.ts";
import { type FormAction, type FormState, untouched } from "#lib/pages/forms/form-state.ts";
import { typedValues } from "#lib/pages/forms/read-form.ts";
import { notSent, UPDATED } from "#lib/pages/messages.ts";
import { rememberTyped, useTypedBefore } from "./typed-before.tsx";

type Typed = Record<string, string>;

/**
 * A form that its server action judges, and that the browser judges first, by the same schema, once JavaScript is here.
 * Without JavaScript the browser posts it and the page comes back with the same errors. `fields` in the order of the page.
 */
export function useServerForm({
  schema,
  action,
  fields,
  initial,
}: {
  schema: z.ZodMiniType<unknown, Typed>;
  action: FormAction;
  fields: readonly FieldSpec[];
  /** What stands in the fields before anything is typed. */
  initial?: Typed;
}) {
  // What came with the page: the answer to a form posted without (or before) JavaScript.
  const [posted, post] = useActionState(action, { ...untouched, values: { ...initial, ...useTypedBefore() } });
  const [answered, setAnswered] = useState<FormState>();
  const state = answered ?? posted;
  const [pending, startTransition] = useTransition();
  const sending = useRef(false);
  const [refusals, setRefusals] = useState(0);

  const errors = useMemo(() => asFieldErrors(state.errors), [state]);
  const form = useForm<Typed>({
    resolver: standardSchemaResolver(schema),
    reValidateMode: "onChange",
    shouldFocusError: false,
    errors,
  });

  function onSubmit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    // Two quick presses are one submit: `pending` disables the button only with the next frame.
    if (sending.current) return;
    sending.current = true;
    const element = event.currentTarget;
    // Some password managers fill fields without telling anyone.
    for (const { name } of fields) form.setValue(name, typedIn(element, name));
    form.handleSubmit(
      () => startTransition(() => send(new FormData(element))),
      () => settle(),
    )(event);
  }

  async function send(data: FormData): Promise<void> {
    const state = await action(untouched, data).catch((error: unknown): FormState => {
      // A redirect is Next's to follow; anything else must not cost people what they typed.
      unstable_rethrow(error);
      const isOutdated = unstable_isUnrecognizedActionError(error);
      if (isOutdated) rememberTyped(typedValues(data));
      return { ...untouched, problem: isOutdated ? UPDATED : notSent(error), keepPasswords: true, isOutdated };
    });
    if (!state.keepPasswords) for (const { name, type } of fields) if (type === "password") form.setValue(name, "");
    startTransition(() => {
      setAnswered(state);
      settle();
    });
  }

  function settle(): void {
    sending.current = false;
    setRefusals((count) => count + 1);
  }

  const shown = fields.flatMap(({ name }) => {
    const message = form.formState.errors[name]?.message;
    return message ? [{ name, message }] : [];
  });

  return {
    action: post,
    onSubmit,
    pending,
    register: form.register,
    values: state.values,
    /** The fields with something wrong, in the order of the page. */
    shown,
    problem: state.problem,
    isOutdated: state.isOutdated,
    /** Counts refused submits: each time it rises, the summary of errors takes the focus. */
    refusals,
    errorOf: (name: string) => shown.find((one) => one.name === name)?.message,
  };
}

export type ServerForm = ReturnType<typeof useServerForm>;

function asFieldErrors(errors: FormState["errors"]) {
  return Object.fromEntries(Object.entries(errors).map(([name, message]) => [name, { type: "server", message }]));
}

function typedIn(form: HTMLFormElement, name: string): string {
  const field = form.elements.namedItem(name);
  return field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement ? field.value : "";
}
