"use client";

import { Field } from "#components/field.tsx";
import { Form } from "#components/form.tsx";
import { useServerForm } from "#components/use-server-form.ts";
import { actForm, ROLE_CHOICES, UNTIL } from "#lib/pages/forms/act.ts";
import { FIELDS } from "#lib/pages/forms/fields.ts";
import { actAction } from "./action.ts";

const { why } = FIELDS.act;

export function ActForm({
  act,
  account,
  seen,
  role,
  words: { title, submit, look },
}: {
  act: string;
  account: number;
  seen: string;
  role: string | undefined;
  words: { title: string; submit: string; look: "primary" | "grave" };
}) {
  const form = useServerForm({ schema: actForm, action: actAction, fields: [why] });
  return (
    <Form form={form} title={title} submit={submit} look={look}>
      <input type="hidden" name="account" value={account} />
      <input type="hidden" name="act" value={act} />
      <input type="hidden" name="seen" value={seen} />
      {act === "block" && (
        <Choices legend="Until when?" name="until" options={UNTIL} chosen={form.values.until ?? "unblocked"} />
      )}
      {act === "role" && (
        <Choices
          legend="Which role?"
          name="role"
          options={ROLE_CHOICES}
          chosen={form.values.role ?? role ?? "support"}
        />
      )}
      <Field form={form} spec={why} />
    </Form>
  );
}

function Choices({
  legend,
  name,
  options,
  chosen,
}: {
  legend: string;
  name: string;
  options: Record<string, string>;
  chosen: string;
}) {
  return (
    <fieldset className="choices">
      <legend>{legend}</legend>
      {Object.entries(options).map(([value, label]) => (
        <label key={value}>
          <input type="radio" name={name} value={value} defaultChecked={value === chosen} />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
