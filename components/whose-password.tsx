import { WHOSE_PASSWORD } from "#lib/pages/forms/fields.ts";

/** Not for people: tells a password manager which account the new password belongs to. */
export function WhosePassword({ email }: { email: string }) {
  return <input {...WHOSE_PASSWORD} className="unseen" value={email} readOnly tabIndex={-1} aria-hidden="true" />;
}
