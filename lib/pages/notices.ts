import type { AuthErrorCode } from "#lib/auth/errors.ts";

/** What a page says after something was done on another; `?notice=` names it, and no other words get in that way. */
export const NOTICES = {
  verified: "Your e-mail address is confirmed. Welcome.",
  "password-changed": "Your password is changed. All other devices are logged out.",
  "session-ended": "That device is logged out.",
  "logged-out": "You are logged out.",
  "logged-out-everywhere": "You are logged out on every device.",
  "google-confirmed": "You can now log in with Google.",
  "passkey-added": "The passkey is added. You can log in with it from now on.",
  "passkey-renamed": "The passkey has its new name.",
  "passkey-removed": "The passkey is removed. It no longer opens your account.",
  "passkey-allowed": "The passkey opens your account again.",
  "app-removed": "The app is removed. Logging in needs no code any more.",
  "app-password-removed": "The app password is removed. What was logged in with it is logged out.",
  "browser-forgotten": "That browser is asked for a code again.",
  "operators-need-app": "To look after other people’s accounts you need an app for codes. Add one first.",
  confirmed: "Thank you. You can go on now.",
  "role-claimed": "You now look after the accounts of this site.",
  "person-blocked": "The account is blocked, and everyone is logged out.",
  "person-unblocked": "The account is open again, as it was before.",
  "person-logged-out": "Every device and program is logged out.",
  "person-reset": "Everyone is logged out. A mail to set a new password is on its way.",
  "person-app-removed": "The app for codes is removed. Logging in needs no code any more.",
  "person-role-changed": "The role is changed.",
  "person-deleted": "The account is deleted.",
  "person-verification-sent": "If the limits of mail allow another one, a mail to confirm the address is on its way.",
  "mail-sent-again": "The mail is sent again now.",
  "mail-given-up": "The mail is not tried any more.",
  "google-unlinked": "This Google account is no longer linked.",
  "email-changed": "Your e-mail address is changed. We told the old address by mail.",
  "email-withdrawn": "Your e-mail address stays as it is. The mail’s link and code no longer work.",
  "address-put-back": "Your old address is back, and everyone is logged out. Choose a new password now.",
  "profile-saved": "Your profile is saved.",
  invited: "The invitation is on its way.",
  "invitation-withdrawn": "The invitation is withdrawn. Its link no longer works.",
  "invitation-over": "That invitation had already ended.",
  joined: "Your account is ready. Welcome.",
  "deletion-requested":
    "Your account will be deleted in seven days. If you log in before, it stays. A mail is on its way that says so.",
  disowned: "The account is deleted. We keep nothing of it and send no more mail about it.",
  "disowned-one": "That sign-up is deleted. There is another one with your address; it has a mail of its own.",
} as const;

export type NoticeName = keyof typeof NOTICES;

export function noticeOf(value: unknown): NoticeName | undefined {
  return typeof value === "string" && Object.hasOwn(NOTICES, value) ? (value as NoticeName) : undefined;
}

/** What a log-in with Google can fail with; `?problem=` names it. */
const PROBLEMS = [
  "provider_off",
  "provider_cancelled",
  "provider_lost",
  "provider_refused",
  "provider_unverified",
  "provider_link_needed",
  "too_many_tries",
  "session_invalid",
  "account_blocked",
] as const satisfies AuthErrorCode[];

export function problemOf(value: unknown): (typeof PROBLEMS)[number] | undefined {
  return PROBLEMS.find((problem) => problem === value);
}
