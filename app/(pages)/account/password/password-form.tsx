"use client";

import { Form } from "#components/form.tsx";
import { PasswordField } from "#components/password-field.tsx";
import { useServerForm } from "#components/use-server-form.ts";
import { WhosePassword } from "#components/whose-password.tsx";
import { changePasswordForm } from "#lib/pages/forms/change-password.ts";
import { FIELDS } from "#lib/pages/forms/fields.ts";
import { changePasswordAction } from "./action.ts";
import { KeepWays, type ShownWay } from "./keep-ways.tsx";
import { KEEP } from "./way-names.ts";

const { currentPassword, newPassword } = FIELDS.changePassword;

type Ways = { links: readonly ShownWay[]; passkeys: readonly ShownWay[] };

export function PasswordForm({ email, links, passkeys }: { email: string } & Ways) {
  const form = useServerForm({
    schema: changePasswordForm,
    action: changePasswordAction,
    fields: [currentPassword, newPassword],
  });
  const kept = form.values[KEEP]?.split("\n");
  return (
    <Form form={form} title="Change your password" submit="Change password">
      <WhosePassword email={email} />
      <PasswordField form={form} spec={currentPassword} />
      <PasswordField form={form} spec={newPassword} />
      <KeepWays legend="Log in with Google" ways={links} kept={kept} />
      <KeepWays legend="Log in with a passkey" ways={passkeys} kept={kept} />
    </Form>
  );
}
