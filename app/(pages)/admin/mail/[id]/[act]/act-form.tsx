"use client";

import { Field } from "#components/field.tsx";
import { Form } from "#components/form.tsx";
import { useServerForm } from "#components/use-server-form.ts";
import { actForm } from "#lib/pages/forms/act.ts";
import { FIELDS } from "#lib/pages/forms/fields.ts";
import { mailActAction } from "./action.ts";

const { why } = FIELDS.act;

export function MailActForm({
  act,
  mail,
  words: { title, submit, look },
}: {
  act: string;
  mail: string;
  words: { title: string; submit: string; look: "primary" | "grave" };
}) {
  const form = useServerForm({ schema: actForm, action: mailActAction, fields: [why] });
  return (
    <Form form={form} title={title} submit={submit} look={look}>
      <input type="hidden" name="mail" value={mail} />
      <input type="hidden" name="act" value={act} />
      <Field form={form} spec={why} />
    </Form>
  );
}
