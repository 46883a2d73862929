"use client";

import { Field } from "#components/field.tsx";
import { Form } from "#components/form.tsx";
import { PasswordField } from "#components/password-field.tsx";
import { TokenField } from "#components/token-field.tsx";
import { useServerForm } from "#components/use-server-form.ts";
import { WhosePassword } from "#components/whose-password.tsx";
import { FIELDS } from "#lib/pages/forms/fields.ts";
import { resetByCodeForm, resetByLinkForm } from "#lib/pages/forms/reset-password.ts";
import { resetByCodeAction, resetByLinkAction } from "./action.ts";

const { resetByCode, resetByLink } = FIELDS;

export function ResetByLinkForm({ token, email }: { token: string; email: string }) {
  const form = useServerForm({ schema: resetByLinkForm, action: resetByLinkAction, fields: [resetByLink.password] });
  return (
    <Form form={form} title="Set a new password" submit="Set new password">
      <TokenField token={token} />
      <WhosePassword email={email} />
      <PasswordField form={form} spec={resetByLink.password} />
    </Form>
  );
}

export function ResetByCodeForm({ email }: { email: string }) {
  const { code, password } = resetByCode;
  const form = useServerForm({ schema: resetByCodeForm, action: resetByCodeAction, fields: [code, password] });
  return (
    <Form form={form} title="Check your mail" submit="Set new password">
      <WhosePassword email={email} />
      <Field form={form} spec={code} />
      <PasswordField form={form} spec={password} />
    </Form>
  );
}
