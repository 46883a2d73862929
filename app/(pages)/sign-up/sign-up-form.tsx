"use client";

import { Field } from "#components/field.tsx";
import { Form } from "#components/form.tsx";
import { PasswordField } from "#components/password-field.tsx";
import { useServerForm } from "#components/use-server-form.ts";
import { FIELDS } from "#lib/pages/forms/fields.ts";
import { signUpForm } from "#lib/pages/forms/sign-up.ts";
import { signUpAction } from "./action.ts";

const { email, password } = FIELDS.signUp;

export function SignUpForm({ next }: { next: string }) {
  const form = useServerForm({ schema: signUpForm, action: signUpAction, fields: [email, password] });
  return (
    <Form form={form} title="Create your account" submit="Create account">
      <input type="hidden" name="next" value={next} />
      <Field form={form} spec={email} />
      <PasswordField form={form} spec={password} />
    </Form>
  );
}
