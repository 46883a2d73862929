"use client";

import { addressForm } from "#lib/pages/forms/address.ts";
import { FIELDS } from "#lib/pages/forms/fields.ts";
import type { FormAction } from "#lib/pages/forms/form-state.ts";
import { Field } from "./field.tsx";
import { Form } from "./form.tsx";
import { useServerForm } from "./use-server-form.ts";

const { email } = FIELDS.address;

/** Asks where a mail shall go. */
export function AddressForm({
  action,
  title,
  submit,
  next,
}: {
  action: FormAction;
  title: string;
  submit: string;
  next?: string;
}) {
  const form = useServerForm({ schema: addressForm, action, fields: [email] });
  return (
    <Form form={form} title={title} submit={submit}>
      {next !== undefined && <input type="hidden" name="next" value={next} />}
      <Field form={form} spec={email} />
    </Form>
  );
}
