/** What a form's server action answers when it does not lead on to another page. */
export type FormState = {
  /** What is wrong with a field, by its name. */
  readonly errors: Readonly<Record<string, string>>;
  /** What is wrong that is no field's fault. */
  readonly problem?: string | undefined;
  /** What was typed, given back to the page; never a password. */
  readonly values: Readonly<Record<string, string>>;
  /** What went well, where the page stays. */
  readonly done?: string | undefined;
  /** Nothing was wrong with the passwords: a browser that still holds them need not ask again. */
  readonly keepPasswords?: boolean | undefined;
  /** The form is from before an update of the site: only the page opened anew has one that works. */
  readonly isOutdated?: boolean | undefined;
};

export const untouched: FormState = { errors: {}, values: {} };

export type FormAction = (before: FormState, form: FormData) => Promise<FormState>;
