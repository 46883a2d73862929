"use client";

import { Field } from "#components/field.tsx";
import { Form } from "#components/form.tsx";
import { useServerForm } from "#components/use-server-form.ts";
import { FIELDS } from "#lib/forms/fields.ts";
import { verifyCodeForm } from "#lib/forms/verify-code.ts";
import { verifyByCodeAction } from "./action.ts";

const { code } = FIELDS.verifyCode;

export function CodeForm({ next }: { next: string }) {
  const form = useServerForm({ schema: verifyCodeForm, action: verifyByCodeAction, fields: [code] });
  return (
    <Form form={form} title="Check your mail" submit="Confirm">
      <input type="hidden" name="next" value={next} />
      <Field form={form} spec={code} />
    </Form>
  );
}
