"use client";

import { Field } from "#components/field.tsx";
import { Form } from "#components/form.tsx";
import { useServerForm } from "#components/use-server-form.ts";
import { FIELDS } from "#lib/pages/forms/fields.ts";
import { inviteForm } from "#lib/pages/forms/invite.ts";
import { inviteAction } from "./action.ts";

const { email } = FIELDS.invite;

export function InviteForm() {
  const form = useServerForm({ schema: inviteForm, action: inviteAction, fields: [email] });
  return (
    <Form form={form} title="Invite someone" submit="Send the invitation">
      <Field form={form} spec={email} />
    </Form>
  );
}
