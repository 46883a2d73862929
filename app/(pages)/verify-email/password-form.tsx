"use client";

import { Form } from "#components/form.tsx";
import { PasswordField } from "#components/password-field.tsx";
import { TokenField } from "#components/token-field.tsx";
import { useServerForm } from "#components/use-server-form.ts";
import { WhosePassword } from "#components/whose-password.tsx";
import { FIELDS } from "#lib/pages/forms/fields.ts";
import { claimByLinkForm, verifyPasswordForm } from "#lib/pages/forms/verify-code.ts";
import { claimByLinkAction, verifyByPasswordAction } from "./action.ts";

const { verifyPassword, claimByLink } = FIELDS;

type Link = { token: string; next: string; email: string };

/** The password of the sign-up that the link was mailed for. */
export function VerifyPasswordForm({ token, next, email }: Link) {
  const form = useServerForm({
    schema: verifyPasswordForm,
    action: verifyByPasswordAction,
    fields: [verifyPassword.password],
  });
  return (
    <Form form={form} title="Confirm your address" submit="Confirm this address">
      <TokenField token={token} />
      <input type="hidden" name="next" value={next} />
      <WhosePassword email={email} />
      <PasswordField form={form} spec={verifyPassword.password} />
    </Form>
  );
}

/** A new one in its place. */
export function ClaimByLinkForm({ token, next, email }: Link) {
  const form = useServerForm({ schema: claimByLinkForm, action: claimByLinkAction, fields: [claimByLink.password] });
  return (
    <Form form={form} title="Choose a new password" submit="Confirm with this password">
      <TokenField token={token} />
      <input type="hidden" name="next" value={next} />
      <WhosePassword email={email} />
      <PasswordField form={form} spec={claimByLink.password} />
    </Form>
  );
}
