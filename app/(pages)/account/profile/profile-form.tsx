"use client";

import { Field } from "#components/field.tsx";
import { Form } from "#components/form.tsx";
import { useServerForm } from "#components/use-server-form.ts";
import { FIELDS } from "#lib/pages/forms/fields.ts";
import { profileForm } from "#lib/pages/forms/profile.ts";
import { saveProfileAction } from "./action.ts";

const fields = Object.values(FIELDS.profile);

export function ProfileForm({ initial }: { initial: Record<keyof typeof FIELDS.profile, string> }) {
  const form = useServerForm({ schema: profileForm, action: saveProfileAction, fields, initial });
  return (
    <Form form={form} title="Your profile" submit="Save">
      {fields.map((spec) => (
        <Field key={spec.name} form={form} spec={spec} />
      ))}
    </Form>
  );
}
