"use client";

import { Field } from "#components/field.tsx";
import { Form } from "#components/form.tsx";
import { PasswordField } from "#components/password-field.tsx";
import { useServerForm } from "#components/use-server-form.ts";
import { WhosePassword } from "#components/whose-password.tsx";
import { FIELDS } from "#lib/pages/forms/fields.ts";
import { confirmByPasswordForm, secondFactorForm } from "#lib/pages/forms/second-factor.ts";
import { confirmByCodeAction, confirmByPasswordAction } from "./action.ts";

const TITLE = "Confirm that it is you";

export function ConfirmByCodeForm({ next }: { next: string }) {
  const { otp } = FIELDS.secondFactor;
  const form = useServerForm({ schema: secondFactorForm, action: confirmByCodeAction, fields: [otp] });
  return (
    <Form form={form} title={TITLE} submit="Continue">
      <input type="hidden" name="next" value={next} />
      <Field form={form} spec={otp} />
    </Form>
  );
}

export function ConfirmByPasswordForm({ next, email }: { next: string; email: string }) {
  const { password } = FIELDS.confirmByPassword;
  const form = useServerForm({ schema: confirmByPasswordForm, action: confirmByPasswordAction, fields: [password] });
  return (
    <Form form={form} title={TITLE} submit="Continue">
      <input type="hidden" name="next" value={next} />
      <WhosePassword email={email} />
      <PasswordField form={form} spec={password} />
    </Form>
  );
}
