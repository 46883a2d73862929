import { getTableColumns, sql } from "drizzle-orm";
import { index, primaryKey, rowNumber, table, text, uniqueIndex, whole } from "./columns.ts";

/** Every time in this schema is a whole number of milliseconds since 1970-01-01 UTC. */
const time = whole;

/** 0 unverified, 1 active, 2 blocked: the numbers are the users contract's `status`. */
export const AccountStatus = { unverified: 0, active: 1, blocked: 2 } as const;
export type AccountStatus = (typeof AccountStatus)[keyof typeof AccountStatus];

/** One row a person. `id` is never reused, since programs outside remember it. */
export const accounts = table(
  "accounts",
  {
    id: rowNumber("id"),
    sub: text("sub").notNull().unique(),
    /** Trimmed, NFKC, lower case: see lib/identifiers.ts. */
    email: text("email").notNull().unique(),
    /** As the person wrote it; `usernameKey` is its lower case, so that names are unique whatever the case. */
    username: text("username"),
    usernameKey: text("username_key").unique(),
    firstName: text("first_name").notNull().default(""),
    lastName: text("last_name").notNull().default(""),
    phoneNumber: text("phone_number").notNull().default(""),
    avatar: text("avatar"),
    biography: text("biography"),
    accountType: whole("account_type").notNull().default(0),
    /** See lib/auth/factors/password/hashing.ts for the forms it may have; null for someone who only ever came through a provider. */
    passwordHash: text("password_hash"),
    status: whole("status").$type<AccountStatus>().notNull().default(AccountStatus.unverified),
    /**
     * Grows whenever the password is set, taken away or becomes another person's, but not with a newer hash of the same one: so
     * what was decided or remembered under the old one is told from what came after.
     */
    passwordEpoch: whole("password_epoch").notNull().default(0),
    /** 1 while a second factor gates every way in: known with the account, so that nobody without one waits for a look-up. */
    secondFactor: whole("second_factor").notNull().default(0),
    loginFailedCount: whole("login_failed_count").notNull().default(0),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
    /** When its person asked that it be deleted: from then on it goes, unless they log in before. 0 once that has begun. */
    deletesAt: time("deletes_at"),
  },
  // Partial: most accounts are proved, and only the others are ever looked for by age; hardly any is about to go.
  (t) => [
    index("accounts_unverified").on(t.createdAt).where(sql`status = 0`),
    index("accounts_deletion").on(t.deletesAt).where(sql`deletes_at is not null`),
    // For whoever looks for people (db/people.ts): the newest first, those that are blocked, and by the beginning of a name.
    index("accounts_created").on(t.createdAt, t.id),
    index("accounts_blocked").on(t.createdAt, t.id).where(sql`status = 2`),
    index("accounts_first_name").on(sql`lower(first_name)`).where(sql`first_name <> ''`),
    index("accounts_last_name").on(sql`lower(last_name)`).where(sql`last_name <> ''`),
  ],
);
/**
 * A person, without the hash of their password, which so reaches no page, mail or log by mistake: whoever compares it asks for
 * it by itself (`findPassword`).
 */
export type Account = Omit<typeof accounts.$inferSelect, "passwordHash">;
const { passwordHash: _, ...withoutPassword } = getTableColumns(accounts);
/** What a query selects or returns of an account. */
export const accountColumns = withoutPassword;

/** A person as an OpenID provider names them: by issuer and subject, never by address, which may change hands. */
export const identities = table(
  "identities",
  {
    issuer: text("issuer").notNull(),
    subject: text("subject").notNull(),
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id, { onDelete: "cascade" }),
    /** The provider's address for them when they were linked; shown on the account page, and used for nothing else. */
    email: text("email").notNull(),
    createdAt: time("created_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.issuer, t.subject] }), index("identities_account").on(t.accountId)],
);
export type Identity = typeof identities.$inferSelect;

/**
 * Links that were removed, or ended by a reset: such an identity never links itself to that account again, only a yes of
 * its owner by mail does it.
 */
export const endedIdentities = table(
  "ended_identities",
  {
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id, { onDelete: "cascade" }),
    issuer: text("issuer").notNull(),
    subject: text("subject").notNull(),
    endedAt: time("ended_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.issuer, t.subject] })],
);

/** One list of sessions for all doors: what ends here is ended everywhere. */
export const sessions = table(
  "sessions",
  {
    id: text("id").primaryKey(),
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id, { onDelete: "cascade" }),
    /** Through which door it was opened (lib/doors.ts). */
    kind: text("kind").notNull(),
    /** SHA-256 of the opaque token, for the users contract; null where the tokens are derived from this row. */
    tokenHash: text("token_hash").unique(),
    /** How often the refresh token was rotated; a token carries the generation it belongs to. */
    generation: whole("generation").notNull().default(0),
    /** How many generations the newest one left out: the token it was given for is of `generation - 1 - skipped`. */
    skipped: whole("skipped").notNull().default(0),
    rotatedAt: time("rotated_at").notNull(),
    /** 1 once the browser has shown that it received the newest generation (sessions of the pages only). */
    delivered: whole("delivered").notNull().default(0),
    userAgent: text("user_agent").notNull().default(""),
    /** Where it was opened from, as `siteOf` in lib/auth/limits.ts names it; null where nobody wrote it down. */
    network: text("network"),
    /** How it was opened, as RFC 8176 names it, with spaces between: `pwd otp mfa`. */
    amr: text("amr").notNull().default(""),
    /** The app password that opened it; null for every other way in. */
    appPasswordId: text("app_password_id"),
    /** When the strongest factor of the account was last given in it; null: as it was opened, 0: never. */
    confirmedAt: time("confirmed_at"),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
    expiresAt: time("expires_at").notNull(),
    endedAt: time("ended_at"),
  },
  (t) => [
    index("sessions_account").on(t.accountId),
    index("sessions_expiry").on(t.expiresAt),
    // Ended ones are kept for a week, and may be thousands.
    index("sessions_live").on(t.accountId, t.createdAt).where(sql`ended_at is null`),
    // Without those that have not: told by statistics that nearly all rows are alike here, SQLite would rather read them all.
    index("sessions_ended").on(t.endedAt).where(sql`ended_at is not null`),
  ],
);
export type Session = typeof sessions.$inferSelect;

/**
 * What happened to an account, for its person to look through. Rows are only ever added, and removed when they are old; each is
 * written in the transaction of the act that it tells of (lib/auth/record-event.ts).
 */
export const events = table(
  "events",
  {
    id: rowNumber("id"),
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id, { onDelete: "cascade" }),
    at: time("at").notNull(),
    kind: text("kind").notNull(),
    /** Through which door (lib/doors.ts), or which one an app password opens; this and the next two are null where no request was behind it. */
    door: text("door"),
    /** What the caller's browser or program is called (lib/auth/sessions/device-name.ts). */
    browser: text("browser"),
    /** As `siteOf` in lib/auth/limits.ts names it. */
    network: text("network"),
    /** The session that it opened or ended, or that was asked by. */
    sessionId: text("session_id"),
    /** The request's, as the log has it. */
    requestId: text("request_id"),
    /** What else is to be said, as JSON: never a secret, nor what a stranger typed. */
    details: text("details"),
  },
  (t) => [index("events_account").on(t.accountId, t.at), index("events_age").on(t.at)],
);
export type AccountEvent = typeof events.$inferSelect;

/**
 * The audit trail: each act that matters, for those who run the server. Rows are added in the transaction of their act, chained within a
 * second (lib/auth/trail/seal.ts), and removed from the old end only. They outlive the account, so nothing here refers to it.
 */
export const trail = table(
  "trail",
  {
    id: rowNumber("id"),
    at: time("at").notNull(),
    kind: text("kind").notNull(),
    /** Whose account: its number and `sub`, which nobody is given again; null where it is about none. */
    accountId: whole("account_id"),
    sub: text("sub"),
    /** The account's address at that moment, once it was proved; null again when the account is deleted. */
    address: text("address"),
    /** Stands for the address for good, and is all of it that the chain knows; null until the row is chained. */
    addressMark: text("address_mark"),
    /** Who did it, where that was not whoever had the account: an operator's `sub`, `command` or `system`. */
    actor: text("actor"),
    door: text("door"),
    browser: text("browser"),
    network: text("network"),
    sessionId: text("session_id"),
    requestId: text("request_id"),
    /** As in `events`. */
    details: text("details"),
    /** The place in the chain, from 1 without a gap, and the hash up to here. Null until the row is chained. */
    seq: whole("seq").unique(),
    hash: text("hash"),
  },
  (t) => [
    index("trail_account").on(t.accountId, t.at),
    index("trail_at").on(t.at),
    index("trail_kind").on(t.kind, t.at),
    index("trail_actor").on(t.actor, t.at).where(sql`actor is not null`),
    index("trail_loose").on(t.id).where(sql`seq is null`),
  ],
);
export type TrailEntry = typeof trail.$inferSelect;

/** One row: how far the trail is chained. Of two processes that go on with it at once, one finds it as it was. */
export const trailHead = table("trail_head", {
  id: whole("id").primaryKey(),
  seq: whole("seq").notNull(),
  hash: text("hash").notNull(),
});

/**
 * How often what happened on a day (UTC): of each kind of row in the trail, counted as it is chained, and of mails as they are sent. Names
 * nobody, and outlives what it counts.
 */
export const dailyCounts = table(
  "daily_counts",
  {
    /** When the day began. */
    day: time("day").notNull(),
    kind: text("kind").notNull(),
    count: whole("count").notNull(),
  },
  (t) => [primaryKey({ columns: [t.day, t.kind] })],
);

export type Role = "support" | "admin";

/** Who runs the server, among those who have an account: the console is theirs (lib/auth/operators). */
export const operators = table("operators", {
  accountId: whole("account_id")
    .primaryKey()
    .references(() => accounts.id, { onDelete: "cascade" }),
  role: text("role").$type<Role>().notNull(),
  grantedAt: time("granted_at").notNull(),
  /** As `actor` in `trail`. */
  grantedBy: text("granted_by").notNull(),
});
export type OperatorRow = typeof operators.$inferSelect;

/** Links that make whoever opens one first an operator: for the first admin, and for when nobody gets in. */
export const operatorLinks = table(
  "operator_links",
  {
    /** SHA-256 of the token. */
    tokenHash: text("token_hash").primaryKey(),
    role: text("role").$type<Role>().notNull(),
    createdAt: time("created_at").notNull(),
    expiresAt: time("expires_at").notNull(),
    usedAt: time("used_at"),
  },
  (t) => [index("operator_links_expiry").on(t.expiresAt)],
);

/** Why an account is blocked, by an operator, and until when; null: until one unblocks it. */
export const blocks = table(
  "blocks",
  {
    accountId: whole("account_id")
      .primaryKey()
      .references(() => accounts.id, { onDelete: "cascade" }),
    reason: text("reason").notNull(),
    /** What the account was before: 0 unverified, 1 active. */
    statusBefore: whole("status_before").$type<AccountStatus>().notNull(),
    blockedAt: time("blocked_at").notNull(),
    /** As `actor` in `trail`. */
    blockedBy: text("blocked_by").notNull(),
    endsAt: time("ends_at"),
  },
  (t) => [index("blocks_end").on(t.endsAt).where(sql`ends_at is not null`)],
);
export type Block = typeof blocks.$inferSelect;

/** Networks that somebody who may has logged in to an account from: wrong passwords from them have a count of their own. */
export const knownNetworks = table(
  "known_networks",
  {
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id, { onDelete: "cascade" }),
    /** As `siteOf` in lib/auth/limits.ts names it. */
    network: text("network").notNull(),
    lastSeenAt: time("last_seen_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.network] }), index("known_networks_seen").on(t.lastSeenAt)],
);

/** Browsers from which somebody has logged in to an account, by the id in their signed cookie. */
export const knownBrowsers = table(
  "known_browsers",
  {
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id, { onDelete: "cascade" }),
    deviceId: text("device_id").notNull(),
    createdAt: time("created_at").notNull(),
    lastSeenAt: time("last_seen_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.deviceId] }), index("known_browsers_last_seen").on(t.lastSeenAt)],
);

/**
 * The app of an account that shows codes (TOTP, RFC 6238). One an account: to have another, the first is removed. While it is not
 * confirmed it gates nothing.
 */
export const authenticators = table("authenticators", {
  accountId: whole("account_id")
    .primaryKey()
    .references(() => accounts.id, { onDelete: "cascade" }),
  /** Sealed (lib/auth/at-rest.ts). */
  secret: text("secret").notNull(),
  createdAt: time("created_at").notNull(),
  confirmedAt: time("confirmed_at"),
  /** The time step of the last code that was taken: no code is taken twice, nor one from before it. */
  lastStep: whole("last_step").notNull().default(0),
});
export type Authenticator = typeof authenticators.$inferSelect;

/** For whoever has lost the app; each good once. A new set takes the place of the old one. */
export const recoveryCodes = table(
  "recovery_codes",
  {
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id, { onDelete: "cascade" }),
    /** A keyed hash (lib/auth/factors/authenticator/recovery-codes.ts). */
    codeHash: text("code_hash").notNull(),
    createdAt: time("created_at").notNull(),
    usedAt: time("used_at"),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.codeHash] })],
);

/** Passwords for programs that cannot send a code: each for one contract, made here and shown once. */
export const appPasswords = table(
  "app_passwords",
  {
    id: text("id").primaryKey(),
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id, { onDelete: "cascade" }),
    /** The door it opens (lib/doors.ts). */
    door: text("door").notNull(),
    /** What its owner calls it. */
    name: text("name").notNull(),
    /** A keyed hash (lib/auth/factors/app-password/words.ts). */
    hash: text("hash").notNull(),
    createdAt: time("created_at").notNull(),
    lastUsedAt: time("last_used_at"),
  },
  (t) => [index("app_passwords_account").on(t.accountId, t.createdAt)],
);
export type AppPassword = typeof appPasswords.$inferSelect;

/** Passkeys (WebAuthn Level 3): each opens an account by itself, as both factors at once. Only accounts whose address is proved have any. */
export const passkeys = table(
  "passkeys",
  {
    /** The credential's id, base64url, as its authenticator made it. */
    id: text("id").primaryKey(),
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id, { onDelete: "cascade" }),
    /** What the authenticator knows its person by, base64url: the same for all of an account. */
    userHandle: text("user_handle").notNull(),
    /** COSE, base64url. */
    publicKey: text("public_key").notNull(),
    /** How often it says it was used; authenticators that share a passkey among devices say 0 for ever. */
    signCount: whole("sign_count").notNull(),
    /** How a browser may reach it, by spaces; as the browser said. */
    transports: text("transports").notNull(),
    /** Which make of authenticator it is; all zeros where it does not say. */
    aaguid: text("aaguid").notNull(),
    /** What its owner calls it. */
    name: text("name").notNull(),
    createdAt: time("created_at").notNull(),
    lastUsedAt: time("last_used_at"),
    /** When a reset, or a change of password, shut it out: it opens nothing until its owner allows it again. */
    endedAt: time("ended_at"),
  },
  (t) => [index("passkeys_account").on(t.accountId, t.createdAt)],
);
export type Passkey = typeof passkeys.$inferSelect;

export type CeremonyPurpose = "log-in" | "confirm" | "add" | "sign-up";

/** What an authenticator is to sign. Each is good once, for one purpose, in the browser it was made for. */
export const ceremonies = table(
  "ceremonies",
  {
    /** Random, base64url. */
    challenge: text("challenge").primaryKey(),
    purpose: text("purpose").$type<CeremonyPurpose>().notNull(),
    /** SHA-256 of what the browser's cookie holds. */
    browserHash: text("browser_hash").notNull(),
    /** The session whose person it is for, where somebody is logged in. */
    sessionId: text("session_id").references(() => sessions.id, { onDelete: "cascade" }),
    /** Of a sign-up: the user handle that the passkey is made with. */
    userHandle: text("user_handle"),
    expiresAt: time("expires_at").notNull(),
  },
  (t) => [index("ceremonies_expiry").on(t.expiresAt), index("ceremonies_session").on(t.sessionId)],
);
export type Ceremony = typeof ceremonies.$inferSelect;

/** Browsers that are not asked for the second factor again for a while, because their person chose so. */
export const trustedBrowsers = table(
  "trusted_browsers",
  {
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id, { onDelete: "cascade" }),
    deviceId: text("device_id").notNull(),
    /** As the account's was: a reset ends them all. */
    passwordEpoch: whole("password_epoch").notNull(),
    userAgent: text("user_agent").notNull(),
    createdAt: time("created_at").notNull(),
    expiresAt: time("expires_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.deviceId] }), index("trusted_browsers_expiry").on(t.expiresAt)],
);
export type TrustedBrowser = typeof trustedBrowsers.$inferSelect;

/**
 * Sign-ups with the address of an account that nobody has proved yet: its owner may be who comes second. Each has its own
 * password or passkey and mails, and takes the account over when its address is proved first. One with a passkey stands here even
 * where it made the account: so no account has a passkey before its address is proved.
 */
export const signUps = table(
  "sign_ups",
  {
    id: text("id").primaryKey(),
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id, { onDelete: "cascade" }),
    /** Null where a passkey came in its place, and once nobody can take it over any more. */
    passwordHash: text("password_hash"),
    /** The id of the passkey it brought, and all that is stored of one as JSON; null as the hash is. */
    passkeyId: text("passkey_id"),
    passkey: text("passkey"),
    createdAt: time("created_at").notNull(),
  },
  (t) => [
    index("sign_ups_account").on(t.accountId),
    index("sign_ups_age").on(t.createdAt),
    index("sign_ups_passkey").on(t.passkeyId).where(sql`passkey_id is not null`),
  ],
);
export type SignUp = typeof signUps.$inferSelect;

export type ChallengePurpose = "verify-email" | "reset-password" | "link-provider" | "change-email";

/**
 * What stands behind a mailed link and code that prove something of an account. Neither is stored: both are derived from the
 * row (lib/auth/proofs/challenges.ts). The three times below stay null until the mail goes out, since lifetimes count from then.
 */
export const challenges = table(
  "challenges",
  {
    id: text("id").primaryKey(),
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id, { onDelete: "cascade" }),
    purpose: text("purpose").$type<ChallengePurpose>().notNull(),
    /** The sign-up this one verifies, where another one made the account; null for the account's own. */
    signUpId: text("sign_up_id").references(() => signUps.id),
    nonce: text("nonce").notNull(),
    triesLeft: whole("tries_left").notNull(),
    createdAt: time("created_at").notNull(),
    sentAt: time("sent_at"),
    linkExpiresAt: time("link_expires_at"),
    codeExpiresAt: time("code_expires_at"),
    usedAt: time("used_at"),
    /** Set when a newer challenge of the same purpose, or a reset, took this one's place. */
    supersededAt: time("superseded_at"),
  },
  (t) => [
    index("challenges_account").on(t.accountId, t.purpose, t.createdAt),
    index("challenges_age").on(t.createdAt),
    index("challenges_sign_up").on(t.signUpId).where(sql`sign_up_id is not null`),
  ],
);
export type Challenge = typeof challenges.$inferSelect;

/** Whom a challenge of purpose `link-provider` would let open its account. */
export const linkOffers = table("link_offers", {
  challengeId: text("challenge_id")
    .primaryKey()
    .references(() => challenges.id, { onDelete: "cascade" }),
  issuer: text("issuer").notNull(),
  subject: text("subject").notNull(),
});

/** The address that a challenge of purpose `change-email` would give its account. */
export const addressRequests = table("address_requests", {
  challengeId: text("challenge_id")
    .primaryKey()
    .references(() => challenges.id, { onDelete: "cascade" }),
  /** In its normal form. Whether anybody has it already is not looked at before its mail goes out. */
  email: text("email").notNull(),
  /** Who asked: with this session the request ends. */
  sessionId: text("session_id").notNull(),
});
export type AddressRequest = typeof addressRequests.$inferSelect;

/** Addresses that accounts had: for some days whoever reads the old one's mail can put it back. */
export const addressChanges = table(
  "address_changes",
  {
    id: text("id").primaryKey(),
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id, { onDelete: "cascade" }),
    oldEmail: text("old_email").notNull(),
    changedAt: time("changed_at").notNull(),
    /** These two stay null until the old address's mail goes out. */
    sentAt: time("sent_at"),
    linkExpiresAt: time("link_expires_at"),
    undoneAt: time("undone_at"),
    /** When one from before it was undone, and this one with it. */
    supersededAt: time("superseded_at"),
  },
  (t) => [index("address_changes_account").on(t.accountId, t.changedAt), index("address_changes_age").on(t.changedAt)],
);
export type AddressChange = typeof addressChanges.$inferSelect;

/** Usernames that somebody has given up: for a while nobody else may have them. */
export const reservedUsernames = table(
  "reserved_usernames",
  {
    usernameKey: text("username_key").primaryKey(),
    /** As it was written. */
    username: text("username").notNull(),
    /** Who had it, and may have it back. */
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id, { onDelete: "cascade" }),
    expiresAt: time("expires_at").notNull(),
  },
  (t) => [index("reserved_usernames_account").on(t.accountId), index("reserved_usernames_expiry").on(t.expiresAt)],
);
export type ReservedUsername = typeof reservedUsernames.$inferSelect;

/** Mailed to people who may have no account yet; the link is derived from the row (lib/auth/invitations/invitation-link.ts). */
export const invitations = table(
  "invitations",
  {
    id: text("id").primaryKey(),
    /** Who invites. */
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id, { onDelete: "cascade" }),
    /** Who is invited. */
    email: text("email").notNull(),
    /** How the mail names its sender; null: by their address. */
    inviterName: text("inviter_name"),
    createdAt: time("created_at").notNull(),
    /** These two stay null until the mail goes out. */
    sentAt: time("sent_at"),
    linkExpiresAt: time("link_expires_at"),
    acceptedAt: time("accepted_at"),
    /** When the mail of a newer one, of the same sender to the same address, had gone out. */
    supersededAt: time("superseded_at"),
    /** When its sender took back what they had sent to this address. */
    withdrawnAt: time("withdrawn_at"),
  },
  (t) => [index("invitations_account").on(t.accountId, t.email, t.createdAt), index("invitations_age").on(t.createdAt)],
);
export type Invitation = typeof invitations.$inferSelect;

/**
 * The users contract's tokens of types 8 and 9. One names an account and a purpose and opens nothing by itself: the mailed
 * code must be given with it.
 */
export const codeTokens = table(
  "code_tokens",
  {
    /** SHA-256 of the token. */
    tokenHash: text("token_hash").primaryKey(),
    /** Null for one that names nobody: it was asked for with an address that no account has, and must cost the same. */
    accountId: whole("account_id").references(() => accounts.id, { onDelete: "cascade" }),
    purpose: text("purpose").$type<"verify-email" | "reset-password">().notNull(),
    createdAt: time("created_at").notNull(),
    expiresAt: time("expires_at").notNull(),
    /** When the mailed code was given with it; only then may a token of type 8 set a password. */
    awakenedAt: time("awakened_at"),
    usedAt: time("used_at"),
  },
  (t) => [index("code_tokens_account").on(t.accountId), index("code_tokens_expiry").on(t.expiresAt)],
);
export type CodeToken = typeof codeTokens.$inferSelect;

export type MailTemplate =
  | "verify-email"
  | "reset-password"
  | "password-changed"
  | "account-exists"
  | "invite"
  | "google-linked"
  | "new-log-in"
  | "link-provider"
  | "factor-changed"
  | "deletion"
  | "change-email"
  | "address-changed"
  | "address-change-undone";

/**
 * Mail still to be sent, as intents: what is sent is rendered when it goes out, so no link or code lies here. One that
 * needs a challenge or an invitation and has none yet is a request: whether anybody has the address, or sends it, is found out when its turn
 * comes (lib/auth/proofs/mail-requests.ts).
 */
export const outbox = table(
  "outbox",
  {
    id: text("id").primaryKey(),
    template: text("template").$type<MailTemplate>().notNull(),
    to: text("to_email").notNull(),
    accountId: whole("account_id").references(() => accounts.id, { onDelete: "cascade" }),
    challengeId: text("challenge_id").references(() => challenges.id, { onDelete: "cascade" }),
    invitationId: text("invitation_id").references(() => invitations.id, { onDelete: "cascade" }),
    /**
     * Of a request to verify: a challenge of the sign-up that shall be mailed anew; null for the account's own. Of one to
     * invite: what the sender was called; null for by their address. Of one to change an address: the challenge it is for.
     * Of a notice about a factor, a deletion or a change: what happened.
     */
    about: text("about"),
    /** Of a request: 1 where the caller is known to the account, who may ask for a few mails more. */
    callerKnown: whole("caller_known").notNull().default(0),
    /** Where the mail's link leads; the token is added to its query when the mail is rendered. */
    link: text("link"),
    createdAt: time("created_at").notNull(),
    attempts: whole("attempts").notNull().default(0),
    nextTryAt: time("next_try_at").notNull(),
    /** A worker holds the row until then; a crashed worker's row is free again afterwards. */
    claimedUntil: time("claimed_until").notNull().default(0),
    /** The moment the mail was last rendered for: the same stamp renders the same bytes and the same idempotency key. */
    stampedAt: time("stamped_at"),
    sentAt: time("sent_at"),
    failedAt: time("failed_at"),
    lastError: text("last_error"),
  },
  (t) => [
    index("outbox_due").on(t.nextTryAt).where(sql`sent_at is null and failed_at is null`),
    index("outbox_sent").on(t.sentAt).where(sql`sent_at is not null`),
    index("outbox_failed").on(t.failedAt).where(sql`failed_at is not null`),
    // What hangs on a row that is deleted is found by these.
    index("outbox_account").on(t.accountId),
    index("outbox_challenge").on(t.challengeId),
    index("outbox_invitation").on(t.invitationId),
  ],
);
export type OutboxMail = typeof outbox.$inferSelect;

/** Other systems that are told what happens to accounts (docs/webhooks.md). */
export const webhooks = table("webhooks", {
  id: text("id").primaryKey(),
  url: text("url").notNull(),
  /** An operator's own words. */
  description: text("description").notNull().default(""),
  /** The types it wants, each between two spaces; null for all. */
  types: text("types"),
  /** Sealed (lib/auth/at-rest.ts), as the next one. */
  secret: text("secret").notNull(),
  /** The one before, with which everything is signed too until then. */
  oldSecret: text("old_secret"),
  oldSecretEndsAt: time("old_secret_ends_at"),
  createdAt: time("created_at").notNull(),
  /** Since when nothing has got through: null while all is well. */
  failingSince: time("failing_since"),
  disabledAt: time("disabled_at"),
  disabledWhy: text("disabled_why").$type<WebhookOff>(),
});
export type Webhook = typeof webhooks.$inferSelect;
/** It answered 410; or nothing got through for days. */
export type WebhookOff = "gone" | "failing";

/** What a webhook is told, and how that went. Kept for thirty days, whatever becomes of the account. */
export const webhookDeliveries = table(
  "webhook_deliveries",
  {
    /** The message's own: the same each time it is sent. */
    id: text("id").primaryKey(),
    webhookId: text("webhook_id")
      .notNull()
      .references(() => webhooks.id, { onDelete: "cascade" }),
    type: text("type").notNull(),
    /** The `sub` of the account it is about; null where it is about none. */
    subject: text("subject"),
    at: time("at").notNull(),
    /** The very bytes that are signed and sent. */
    payload: text("payload").notNull(),
    attempts: whole("attempts").notNull(),
    nextTryAt: time("next_try_at").notNull(),
    /** A worker holds the row until then; a crashed worker's row is free again afterwards. */
    claimedUntil: time("claimed_until").notNull(),
    deliveredAt: time("delivered_at"),
    failedAt: time("failed_at"),
    /** What it answered the last time; null where it did not. */
    lastStatus: whole("last_status"),
    /** Why the last try was none, in a word of ours (lib/webhooks/post.ts). */
    lastError: text("last_error"),
  },
  (t) => [
    index("webhook_deliveries_due").on(t.webhookId, t.nextTryAt).where(sql`delivered_at is null and failed_at is null`),
    index("webhook_deliveries_list").on(t.webhookId, t.at, t.id),
    index("webhook_deliveries_age").on(t.at),
  ],
);
export type WebhookDelivery = typeof webhookDeliveries.$inferSelect;

/** Addresses that said "do not mail me again" to an invitation. Kept for good. */
export const mailRefusals = table("mail_refusals", {
  email: text("email").primaryKey(),
  createdAt: time("created_at").notNull(),
});

/** Counters behind every limit (lib/auth/limits.ts); `key` names the limit and whom it counts. */
export const limits = table(
  "limits",
  {
    key: text("key").primaryKey(),
    count: whole("count").notNull(),
    resetsAt: time("resets_at").notNull(),
    blockedUntil: time("blocked_until").notNull().default(0),
  },
  (t) => [index("limits_reset").on(t.resetsAt)],
);

/** ES256 key pairs. The private half is encrypted with a key drawn from AUTH_SECRET. */
export const signingKeys = table(
  "signing_keys",
  {
    kid: text("kid").primaryKey(),
    publicJwk: text("public_jwk").notNull(),
    privateKey: text("private_key").notNull(),
    createdAt: time("created_at").notNull(),
    /** From then on it signs nothing; it is published until `expiresAt`, when the last token it signed has expired. */
    retiredAt: time("retired_at"),
    expiresAt: time("expires_at"),
  },
  () => [uniqueIndex("signing_keys_one_active").on(sql`(retired_at is null)`).where(sql`retired_at is null`)],
);
export type SigningKey = typeof signingKeys.$inferSelect;
