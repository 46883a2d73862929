"use client";

import { Field } from "#components/field.tsx";
import { Form } from "#components/form.tsx";
import { useServerForm } from "#components/use-server-form.ts";
import { FIELDS } from "#lib/pages/forms/fields.ts";
import { secondFactorForm } from "#lib/pages/forms/second-factor.ts";
import { secondFactorAction } from "./action.ts";

export function SecondFactorForm({ next, isRecovery }: { next: string; isRecovery: boolean }) {
  const { otp } = isRecovery ? FIELDS.recoveryCode : FIELDS.secondFactor;
  const form = useServerForm({ schema: secondFactorForm, action: secondFactorAction, fields: [otp] });
  return (
    <Form form={form} title={isRecovery ? "Recovery code" : "Enter the code"} submit="Log in">
      <input type="hidden" name="next" value={next} />
      <Field form={form} spec={otp} />
      <div className="choices">
        <label>
          <input type="checkbox" name="trust" value="yes" />
          Do not ask again on this browser for 30 days
        </label>
      </div>
    </Form>
  );
}
