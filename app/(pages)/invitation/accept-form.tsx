"use client";

import { Field } from "#components/field.tsx";
import { Form } from "#components/form.tsx";
import { PasswordField } from "#components/password-field.tsx";
import { TokenField } from "#components/token-field.tsx";
import { useServerForm } from "#components/use-server-form.ts";
import { acceptInvitationForm } from "#lib/pages/forms/accept-invitation.ts";
import { FIELDS } from "#lib/pages/forms/fields.ts";
import { acceptAction } from "./action.ts";

const { email, password } = FIELDS.acceptInvitation;

export function AcceptForm({ email: invited, token }: { email: string; token: string }) {
  const form = useServerForm({ schema: acceptInvitationForm, action: acceptAction, fields: [email, password] });
  return (
    <Form form={form} title="You are invited" submit="Create account">
      <TokenField token={token} />
      <Field form={form} spec={email} fixed={invited} />
      <PasswordField form={form} spec={password} />
    </Form>
  );
}
