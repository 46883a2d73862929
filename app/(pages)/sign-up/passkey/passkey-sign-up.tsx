"use client";

import { formOf, makePasskey, whyNotDone } from "#components/ceremony.ts";
import { Field } from "#components/field.tsx";
import { Form } from "#components/form.tsx";
import { PageTitle } from "#components/page-title.tsx";
import { PasskeyHindrance, useHindrance } from "#components/passkey-hindrance.tsx";
import { useServerForm } from "#components/use-server-form.ts";
import { addressForm } from "#lib/pages/forms/address.ts";
import { FIELDS } from "#lib/pages/forms/fields.ts";
import type { FormState } from "#lib/pages/forms/form-state.ts";
import { typedValues } from "#lib/pages/forms/read-form.ts";
import { beginSignUpAction, passkeySignUpAction } from "./action.ts";

const TITLE = "Create your account with a passkey";

export function PasskeySignUp({ next, origin }: { next: string; origin: string | null }) {
  const hindrance = useHindrance(origin);
  if (!hindrance) return <SignUpForm next={next} />;
  return (
    <>
      <PageTitle title={TITLE} />
      <PasskeyHindrance hindrance={hindrance} origin={origin} />
    </>
  );
}

function SignUpForm({ next }: { next: string }) {
  const { email } = FIELDS.passkeySignUp;
  const form = useServerForm({ schema: addressForm, action: signUp, fields: [email] });
  return (
    <Form form={form} title={TITLE} submit="Create a passkey">
      <input type="hidden" name="next" value={next} />
      <Field form={form} spec={email} />
    </Form>
  );
}

/** The address is looked at before the browser is asked for a passkey, which would be left on the device for nothing. */
async function signUp(_before: FormState, form: FormData): Promise<FormState> {
  const asked = await beginSignUpAction(form);
  if ("refusal" in asked) return asked.refusal;
  let signed: Awaited<ReturnType<typeof makePasskey>>;
  try {
    signed = await makePasskey(asked.options);
  } catch (error) {
    return { errors: {}, problem: whyNotDone(error), values: typedValues(form) };
  }
  return passkeySignUpAction(formOf(signed, form));
}
