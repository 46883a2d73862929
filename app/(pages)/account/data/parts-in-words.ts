import type { DataPart } from "#lib/auth/accounts/take-data.ts";

/** What each part of the file holds, as the page lists it; parts of one thing have one line between them. */
export const PARTS_IN_WORDS: Record<DataPart, string> = {
  account: "your address, username, names and phone number",
  usernamesKept: "the username you had before",
  addressesBefore: "your addresses before a change",
  events: "what happened in your account in the last 90 days",
  auditTrail: "the same as the people who run this site keep it, for longer",
  sessions: "where you are logged in, and were in the last week",
  knownNetworks: "networks you logged in from",
  knownBrowsers: "browsers you logged in with",
  trustedBrowsers: "browsers that are not asked for a code",
  passkeys: "the names of your passkeys, and when each was used",
  appForCodes: "when your app for codes was added",
  recoveryCodes: "which recovery codes are used",
  appPasswords: "the names of your app passwords, and when each was used",
  logInsWithGoogle: "Google accounts you log in with",
  logInsWithGoogleEnded: "Google accounts you logged in with before",
  roles: "your role, if you work for this site",
  blocks: "whether and until when your account is blocked",
  mails: "mails we sent you lately",
  confirmationMails: "mails that asked you to confirm something",
  codeTokens: "codes that programs asked for in your name",
  furtherSignUps: "sign-ups with your address",
  invitationsSent: "invitations you sent",
  invitationsReceived: "invitations sent to you",
  noMoreInvitations: "whether you want no more invitations",
};
