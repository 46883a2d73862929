"use client";

import { Field } from "#components/field.tsx";
import { Form } from "#components/form.tsx";
import { useServerForm } from "#components/use-server-form.ts";
import { appPasswordForm } from "#lib/pages/forms/app-password.ts";
import { FIELDS } from "#lib/pages/forms/fields.ts";
import { makeAppPasswordAction } from "./action.ts";

type Choice = { name: string; label: string; isUsed: boolean };

export function AppPasswordForm({ doors }: { doors: Choice[] }) {
  const { name } = FIELDS.appPassword;
  const form = useServerForm({ schema: appPasswordForm, action: makeAppPasswordAction, fields: [name] });
  // What a program was logged in by lately is most likely what is meant.
  const likely = doors.find(({ isUsed }) => isUsed) ?? doors[0];
  return (
    <Form form={form} title="Make an app password" submit="Make the app password">
      <Field form={form} spec={name} />
      <fieldset className="choices">
        <legend>How does the program log in?</legend>
        {doors.map((door) => (
          <label key={door.name}>
            <input type="radio" name="door" value={door.name} defaultChecked={door === likely} />
            By {door.label}
            {door.isUsed && " – used lately"}
          </label>
        ))}
      </fieldset>
    </Form>
  );
}
