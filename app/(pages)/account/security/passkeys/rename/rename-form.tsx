"use client";

import { Field } from "#components/field.tsx";
import { Form } from "#components/form.tsx";
import { useServerForm } from "#components/use-server-form.ts";
import { FIELDS } from "#lib/pages/forms/fields.ts";
import { passkeyNameForm } from "#lib/pages/forms/passkey.ts";
import { renamePasskeyAction } from "./action.ts";

export function RenameForm({ id, name: before }: { id: string; name: string }) {
  const { name } = FIELDS.passkeyName;
  const form = useServerForm({
    schema: passkeyNameForm,
    action: renamePasskeyAction,
    fields: [name],
    initial: { name: before },
  });
  return (
    <Form form={form} title="Rename a passkey" submit="Rename">
      <input type="hidden" name="passkey" value={id} />
      <Field form={form} spec={name} />
    </Form>
  );
}
