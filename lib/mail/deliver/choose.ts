import { env } from "#lib/env.ts";
import { mailboxTransport } from "./mailbox.ts";
import { resendTransport } from "./resend.ts";
import { smtpTransport } from "./smtp.ts";
import type { Transport } from "./transport.ts";

/** The transport the settings ask for; without any, mail stays on this machine. */
export function chooseTransport(): Transport {
  const { MAIL_FROM: from, RESEND_API_KEY: apiKey, SMTP_URL: url } = env();
  if (apiKey) return resendTransport({ apiKey, from });
  if (url) return smtpTransport({ url, from });
  return mailboxTransport();
}
