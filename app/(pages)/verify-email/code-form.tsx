"use client";

import { Field } from "#components/field.tsx";
import { Form } from "#components/form.tsx";
import { PasswordField } from "#components/password-field.tsx";
import { useServerForm } from "#components/use-server-form.ts";
import { WhosePassword } from "#components/whose-password.tsx";
import { FIELDS } from "#lib/pages/forms/fields.ts";
import { claimByCodeForm, verifyCodeForm } from "#lib/pages/forms/verify-code.ts";
import { claimByCodeAction, verifyByCodeAction } from "./action.ts";

const { verifyCode, claimByCode } = FIELDS;

export function CodeForm({ next }: { next: string }) {
  const form = useServerForm({ schema: verifyCodeForm, action: verifyByCodeAction, fields: [verifyCode.code] });
  return (
    <Form form={form} title="Check your mail" submit="Confirm">
      <input type="hidden" name="next" value={next} />
      <Field form={form} spec={verifyCode.code} />
    </Form>
  );
}

/** For whoever asked for the mail without a sign-up in this browser: whose password there is, nobody can say. */
export function ClaimByCodeForm({ next, email }: { next: string; email: string }) {
  const { code, password } = claimByCode;
  const form = useServerForm({ schema: claimByCodeForm, action: claimByCodeAction, fields: [code, password] });
  return (
    <Form form={form} title="Check your mail" submit="Confirm">
      <input type="hidden" name="next" value={next} />
      <WhosePassword email={email} />
      <Field form={form} spec={code} />
      <PasswordField form={form} spec={password} />
    </Form>
  );
}
