import { z } from "zod";
import { isAddress, normalizeEmail } from "./identifiers.ts";

/**
 * The one reader of process.env. Every problem is reported at once, by the setting's name and never its value (a value may
 * be a secret), before anything listens. The table in README.md lists the same settings for people.
 */

const duration = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .refine((text) => /^\d+(s|m|h|d)$/.test(text), "must be a number and a unit, like 15m, 24h or 30d")
    .transform(milliseconds);

function milliseconds(text: string): number {
  const unit = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[text.slice(-1)] ?? 0;
  return Number.parseInt(text, 10) * unit;
}

const flag = z
  .enum(["true", "false", "1", "0"], { error: "must be true or false" })
  .default("false")
  .transform((text) => text === "true" || text === "1");

const wholeNumber = (fallback: number, least: number, most: number) =>
  z
    .string()
    .default(String(fallback))
    .refine(
      (text) => /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most,
      `must be a whole number from ${least} to ${most}`,
    )
    .transform(Number);

const list = z
  .string()
  .default("")
  .transform((text) => text.split(",").flatMap((part) => part.trim() || []));

/** Hosts on which plain http is as good as https: nothing leaves the machine. */
export const isLoopback = (hostname: string): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);

/** Host names as a URL has them: lower case, IPv6 in brackets, no port. */
const hosts = list
  .refine(
    (names) => names.every((name) => URL.parse(`https://${name}`)?.host === name.toLowerCase()),
    "must be host names like billing.internal or [::1], comma-separated, without a port",
  )
  .transform((names) => names.map((name) => name.toLowerCase()));

const origin = z.string().refine((text) => {
  const url = URL.parse(text);
  return url !== null && url.origin === text.replace(/\/$/, "") && isHttpsOrLoopback(url);
}, "must be an origin like https://accounts.example.com (http only on localhost)");

const isHttpsOrLoopback = (url: URL): boolean =>
  url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname));

const allowedRedirect = (text: string): boolean => {
  const url = URL.parse(text);
  return url !== null && isHttpsOrLoopback(url) && !url.username && !url.password && !url.search && !url.hash;
};

/** `Name <address>` or an address: a mail server refuses all else, and only when the first mail goes out. */
function isSender(text: string): boolean {
  const address = /^(?:"[^"<>\r\n]*"|[^"<>,;:@\\\r\n]*)\s*<([^<>]+)>$/.exec(text.trim())?.[1] ?? text.trim();
  return isAddress(normalizeEmail(address)) || /^[^\s@<>]+@localhost$/.test(address);
}

const settings = z
  .object({
    NODE_ENV: z.string().default("development"),
    PORT: wholeNumber(3000, 0, 65535),
    HOST: z.string().optional(),
    APP_URL: origin.optional(),
    DATABASE_URL: z
      .string()
      .default("file:data/latchkey.db")
      .refine(
        (text) => text.startsWith("file:") || (storeEngine(text) === "postgres" && URL.canParse(text)),
        "must be a file: URL, like file:data/latchkey.db, or a postgres:// URL",
      ),
    DATABASE_POOL: wholeNumber(10, 2, 500),
    DATA_DIR: z.string().optional(),
    AUTH_SECRET: z
      .string()
      .refine((text) => Buffer.byteLength(text) >= 32, "must be at least 32 bytes; `openssl rand -base64 48` makes one")
      .optional(),
    MAIL_FROM: z
      .string()
      .default("Latchkey <no-reply@example.com>")
      .refine(isSender, "must be an address, or a name and an address: Latchkey <no-reply@example.com>"),
    RESEND_API_KEY: z.string().optional(),
    SMTP_URL: z
      .string()
      .refine((text) => /^smtps?:\/\//.test(text) && URL.canParse(text), "must be an smtp:// or smtps:// URL")
      .optional(),
    GOOGLE_CLIENT_ID: z.string().optional(),
    GOOGLE_CLIENT_SECRET: z.string().optional(),
    GOOGLE_ISSUER: z
      .string()
      .default("https://accounts.google.com")
      .refine(allowedRedirect, "must be an https URL (http only on localhost), without query, fragment or credentials"),
    TRUSTED_ISSUERS: list.refine(
      (issuers) => issuers.every(allowedRedirect),
      "must be https URLs (http only on localhost), comma-separated, without query, fragment or credentials",
    ),
    AWS_ROLE_ARN: z
      .string()
      .refine((text) => /^arn:[a-z-]+:iam::\d{12}:role\/.+$/.test(text), "must be a role's ARN")
      .optional(),
    AWS_STS_ENDPOINT: origin.optional(),
    AWS_REGION: z
      .string()
      .default("us-east-1")
      .refine((text) => /^[a-z0-9-]+$/.test(text), "must be a region's name, like eu-central-1"),
    REDIRECT_URLS: list.refine(
      (urls) => urls.every(allowedRedirect),
      "must be https URLs (http only on localhost), comma-separated, without query, fragment or credentials",
    ),
    CORS_ORIGINS: list.refine(
      (origins) => origins.every((one) => origin.safeParse(one).success),
      "must be origins like https://app.example.com, comma-separated",
    ),
    WEBHOOK_PRIVATE_HOSTS: hosts,
    HIDE_ACCOUNTS: flag,
    SKIP_WARM_UP: flag,
    CONTRACTS_THROUGH_NEXT: flag,
    INVITES_NEED_LOGIN: flag,
    TRUST_PROXY: wholeNumber(0, 0, 10),
    BCRYPT_COST: wholeNumber(10, 4, 15),
    ACCESS_TOKEN_TTL: duration("15m"),
    REFRESH_TOKEN_TTL: duration("30d"),
    SESSION_MAX_TTL: duration("90d"),
    VERIFY_LINK_TTL: duration("24h"),
    RESET_LINK_TTL: duration("1h"),
    INVITE_LINK_TTL: duration("7d"),
    CODE_TTL: duration("10m"),
    UNVERIFIED_TTL: duration("7d"),
  })
  .superRefine((values, context) => {
    const complain = (name: string, message: string) => context.addIssue({ code: "custom", path: [name], message });
    if (values.RESEND_API_KEY && values.SMTP_URL) complain("SMTP_URL", "must not be set together with RESEND_API_KEY");
    const appUrl = values.APP_URL ? URL.parse(values.APP_URL) : null;
    const isPublic = appUrl !== null && !isLoopback(appUrl.hostname);
    // The local mailbox shows every mailed link to whoever opens it, so it must never face the world.
    if (isPublic && !values.RESEND_API_KEY && !values.SMTP_URL)
      complain("RESEND_API_KEY", "or SMTP_URL must be set when APP_URL is not on this machine");
    if (isPublic && values.MAIL_FROM.includes("@example.com"))
      complain("MAIL_FROM", "must be an address of yours when APP_URL is not on this machine");
    if (Boolean(values.GOOGLE_CLIENT_ID) !== Boolean(values.GOOGLE_CLIENT_SECRET))
      complain(
        values.GOOGLE_CLIENT_ID ? "GOOGLE_CLIENT_SECRET" : "GOOGLE_CLIENT_ID",
        "must be set together with the other one",
      );
    if (isPublic && values.BCRYPT_COST < 10)
      complain("BCRYPT_COST", "must be at least 10 when APP_URL is not on this machine");
    // One that is made would be made by each copy for itself.
    if (storeEngine(values.DATABASE_URL) === "postgres" && !values.AUTH_SECRET)
      complain("AUTH_SECRET", "must be set when the database is PostgreSQL: every copy needs the same");
  })
  .transform((values) => ({
    ...values,
    APP_URL: (values.APP_URL ?? `http://localhost:${values.PORT}`).replace(/\/$/, ""),
  }));

export type Env = z.output<typeof settings>;

/** The name of every setting there is. */
export const settingNames: string[] = Object.keys(settings.in.shape);

/** All that is wrong with the settings, a line each; thrown before anything is opened. */
export class SettingsError extends Error {
  readonly problems: string[];
  constructor(problems: string[]) {
    super(`There is a problem with these settings:\n${problems.map((line) => `  ${line}`).join("\n")}`);
    this.name = "SettingsError";
    this.problems = problems;
  }
}

/** Reads settings from `source` (an empty value counts as not set). Throws `SettingsError` with every problem at once. */
export function readEnv(source: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ""));
  const result = settings.safeParse(given);
  if (result.success) return result.data;
  throw new SettingsError(result.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`));
}

/**
 * Which engine keeps the store, by the scheme of DATABASE_URL. Asked while files are imported, in a build too, when the other
 * settings need not be whole yet.
 */
export const storeEngine = (url = process.env.DATABASE_URL ?? ""): "sqlite" | "postgres" =>
  /^postgres(ql)?:\/\//.test(url) ? "postgres" : "sqlite";

let cached: Env | undefined;

/** This process's settings, read at first use: a build must not need them. */
export function env(): Env {
  cached ??= readEnv(process.env);
  return cached;
}
