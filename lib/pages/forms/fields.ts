import { PASSWORD_LENGTH } from "#lib/auth/factors/password/rules.ts";

/**
 * Every field of every form, once. Type, name and autocomplete are what browsers and password managers go by (web.dev's
 * sign-in and sign-up form guides, WCAG 2.2 1.3.5); the browser tests assert the pages against this table.
 */
export type FieldSpec = {
  readonly name: string;
  readonly label: string;
  /** Said before it can be broken, not after. */
  readonly hint?: string;
  readonly type: "email" | "password" | "text" | "tel";
  /** `webauthn`: passkeys are offered there too. */
  readonly autoComplete:
    | "email"
    | "username"
    | "username webauthn"
    | "current-password"
    | "new-password"
    | "one-time-code"
    | "given-name"
    | "family-name"
    | "tel"
    | "off";
  readonly inputMode?: "email" | "numeric";
  readonly minLength?: number;
  /** May be left empty. */
  readonly isOptional?: true;
  /** Takes more than one line. */
  readonly isLong?: true;
  /** Of names, which begin with a capital. */
  readonly autoCapitalize?: "words";
};

const email = { name: "email", label: "E-mail address", type: "email", inputMode: "email" } as const;

const newPassword = {
  name: "password",
  label: "New password",
  hint: `At least ${PASSWORD_LENGTH.min} characters. A few unrelated words are easy to remember and hard to guess.`,
  type: "password",
  autoComplete: "new-password",
  minLength: PASSWORD_LENGTH.min,
} as const;

const code = {
  name: "code",
  label: "Code",
  hint: "The six digits in the mail.",
  type: "text",
  autoComplete: "one-time-code",
  inputMode: "numeric",
} as const;

export const FIELDS = {
  signUp: {
    email: { ...email, hint: "We send a mail there to confirm that it is yours.", autoComplete: "email" },
    password: { ...newPassword, label: "Password" },
  },
  passkeySignUp: {
    email: { ...email, hint: "We send a mail there to confirm that it is yours.", autoComplete: "email" },
  },
  logIn: {
    email: { ...email, autoComplete: "username webauthn" },
    password: { name: "password", label: "Password", type: "password", autoComplete: "current-password" },
  },
  /** Asks where a mail shall go: a forgotten password, a new verification mail. */
  address: {
    email: { ...email, autoComplete: "username" },
  },
  /** Somebody else's address, which no browser has to offer. */
  invite: {
    email: { ...email, label: "Their e-mail address", autoComplete: "off" },
  },
  /** The address is the one that was invited, and stays it. */
  acceptInvitation: {
    email: { ...email, hint: "The invitation was sent to it, so it is already confirmed.", autoComplete: "username" },
    password: { ...newPassword, label: "Password" },
  },
  /** The second factor. Another name than a mailed code's: it is never given back into a page. */
  secondFactor: {
    otp: {
      name: "otp",
      label: "Code",
      hint: "The six digits that your app shows now.",
      type: "text",
      autoComplete: "one-time-code",
      inputMode: "numeric",
    },
  },
  recoveryCode: {
    otp: {
      name: "otp",
      label: "Recovery code",
      hint: "One of the ten codes you saved when you added the app. Each works once.",
      type: "text",
      autoComplete: "off",
    },
  },
  appPassword: {
    name: {
      name: "name",
      label: "Name",
      hint: "So that you know it again, such as “scanner in the office”.",
      type: "text",
      autoComplete: "off",
    },
  },
  passkeyName: {
    name: {
      name: "name",
      label: "Name",
      hint: "Where it is kept, such as “my phone”.",
      type: "text",
      autoComplete: "off",
    },
  },
  /** Of what an operator does to somebody else's account, or to a mail. */
  act: {
    why: {
      name: "why",
      label: "Why?",
      hint: "It is kept in the audit trail, for the others who work here. At most 300 characters.",
      type: "text",
      autoComplete: "off",
      isLong: true,
    },
  },
  confirmByPassword: {
    password: { name: "password", label: "Your password", type: "password", autoComplete: "current-password" },
  },
  verifyCode: { code },
  /** Where a mailed link was opened in a browser that made no sign-up. */
  verifyPassword: {
    password: {
      name: "password",
      label: "Your password",
      hint: "The one you chose when you signed up.",
      type: "password",
      autoComplete: "current-password",
    },
  },
  claimByLink: { password: newPassword },
  claimByCode: { code, password: newPassword },
  resetByLink: { password: newPassword },
  resetByCode: { code, password: newPassword },
  changeEmail: {
    email: { ...email, label: "New e-mail address", hint: "We send a mail there first.", autoComplete: "email" },
  },
  profile: {
    firstName: {
      name: "firstName",
      label: "First name",
      type: "text",
      autoComplete: "given-name",
      isOptional: true,
      autoCapitalize: "words",
    },
    lastName: {
      name: "lastName",
      label: "Last name",
      type: "text",
      autoComplete: "family-name",
      isOptional: true,
      autoCapitalize: "words",
    },
    // Another name than that of the field which tells a password manager whose password a form is about.
    chosenUsername: {
      name: "chosenUsername",
      label: "Username",
      hint: "3 to 64 letters, digits, dots, underscores or hyphens. You can log in with it in place of your address.",
      type: "text",
      autoComplete: "username",
      isOptional: true,
    },
    phoneNumber: {
      name: "phoneNumber",
      label: "Phone number",
      hint: "Digits, spaces and + ( ) . / -",
      type: "tel",
      autoComplete: "tel",
      isOptional: true,
    },
  },
  changePassword: {
    currentPassword: {
      name: "currentPassword",
      label: "Current password",
      type: "password",
      autoComplete: "current-password",
    },
    newPassword: { ...newPassword, name: "newPassword" },
  },
} as const satisfies Record<string, Record<string, FieldSpec>>;

/** Not shown and not asked: tells a password manager whose password a form is about. */
export const WHOSE_PASSWORD = { name: "username", type: "text", autoComplete: "username" } as const;
