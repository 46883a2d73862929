"use client";

import { Field } from "#components/field.tsx";
import { Form } from "#components/form.tsx";
import { useServerForm } from "#components/use-server-form.ts";
import { FIELDS } from "#lib/pages/forms/fields.ts";
import { secondFactorForm } from "#lib/pages/forms/second-factor.ts";
import { addAppAction } from "./action.ts";

export function AddAppForm() {
  const { otp } = FIELDS.secondFactor;
  const form = useServerForm({ schema: secondFactorForm, action: addAppAction, fields: [otp] });
  return (
    <Form form={form} title="Add an app for codes" submit="Add the app">
      <Field form={form} spec={otp} />
    </Form>
  );
}
