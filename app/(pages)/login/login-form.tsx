"use client";

import { Field } from "#components/field.tsx";
import { Form } from "#components/form.tsx";
import { PasswordField } from "#components/password-field.tsx";
import { useServerForm } from "#components/use-server-form.ts";
import { FIELDS } from "#lib/pages/forms/fields.ts";
import { logInForm } from "#lib/pages/forms/log-in.ts";
import { logInAction } from "./action.ts";

const { email, password } = FIELDS.logIn;

export function LogInForm({ next }: { next: string }) {
  const form = useServerForm({ schema: logInForm, action: logInAction, fields: [email, password] });
  return (
    <Form form={form} title="Log in" submit="Log in">
      <input type="hidden" name="next" value={next} />
      <Field form={form} spec={email} />
      <PasswordField form={form} spec={password} />
    </Form>
  );
}
