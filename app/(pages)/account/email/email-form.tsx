"use client";

import { Field } from "#components/field.tsx";
import { Form } from "#components/form.tsx";
import { useServerForm } from "#components/use-server-form.ts";
import { addressForm } from "#lib/pages/forms/address.ts";
import { FIELDS } from "#lib/pages/forms/fields.ts";
import { verifyCodeForm } from "#lib/pages/forms/verify-code.ts";
import { confirmByCodeAction, requestAction } from "./action.ts";

const { email } = FIELDS.changeEmail;
const { code } = FIELDS.verifyCode;

export function EmailForm() {
  const form = useServerForm({ schema: addressForm, action: requestAction, fields: [email] });
  return (
    <Form form={form} title="Change your address" submit="Send the mail">
      <Field form={form} spec={email} />
    </Form>
  );
}

export function CodeForm() {
  const form = useServerForm({ schema: verifyCodeForm, action: confirmByCodeAction, fields: [code] });
  return (
    <Form form={form} title="Check your mail" submit="Confirm">
      <Field form={form} spec={code} />
    </Form>
  );
}
