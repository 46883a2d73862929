"use client";

import { Form } from "#components/form.tsx";
import { PasswordField } from "#components/password-field.tsx";
import { useServerForm } from "#components/use-server-form.ts";
import { WhosePassword } from "#components/whose-password.tsx";
import { changePasswordForm } from "#lib/pages/forms/change-password.ts";
import { FIELDS } from "#lib/pages/forms/fields.ts";
import { changePasswordAction } from "./action.ts";
import { KeepLinks, type ShownLink } from "./keep-links.tsx";
import { KEEP } from "./link-names.ts";

const { currentPassword, newPassword } = FIELDS.changePassword;

export function PasswordForm({ email, links }: { email: string; links: readonly ShownLink[] }) {
  const form = useServerForm({
    schema: changePasswordForm,
    action: changePasswordAction,
    fields: [currentPassword, newPassword],
  });
  return (
    <Form form={form} title="Change your password" submit="Change password">
      <WhosePassword email={email} />
      <PasswordField form={form} spec={currentPassword} />
      <PasswordField form={form} spec={newPassword} />
      <KeepLinks links={links} kept={form.values[KEEP]?.split("\n") ?? links.map(({ name }) => name)} />
    </Form>
  );
}
