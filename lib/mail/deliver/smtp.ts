import { createTransport } from "nodemailer";
import { isLoopback } from "#lib/env.ts";
import { headersOf, idempotencyKey, type Mail } from "#lib/mail/mail.ts";
import { DeliveryError, PATIENCE, type Transport } from "./transport.ts";

/** Through the SMTP server at `url`. */
export function smtpTransport({ url, from }: { url: string; from: string }): Transport {
  const { username, hostname } = new URL(url);
  const smtp = createTransport({
    url,
    connectionTimeout: PATIENCE,
    greetingTimeout: PATIENCE,
    socketTimeout: PATIENCE,
    dnsTimeout: PATIENCE,
    // Whoever sits between could strike STARTTLS from the greeting and read our credentials.
    requireTLS: username !== "" && !isLoopback(hostname),
  });
  return async (mail) => {
    try {
      await smtp.sendMail({
        from,
        to: mail.to,
        subject: mail.subject,
        html: mail.html,
        text: mail.text,
        headers: headersOf(mail),
        // SMTP knows no idempotency key. The same bytes with the same Message-ID are the next best: mail programs show one.
        messageId: messageId(mail, from),
        date: new Date(mail.stamp),
        baseBoundary: mail.id,
      });
    } catch (error) {
      throw new DeliveryError(error instanceof Error ? error.message : String(error), {
        permanent: isRefusalOfTheMail(error),
        cause: error,
      });
    }
  };
}

function messageId(mail: Mail, from: string): string {
  const domain = /@([\w.-]+)/.exec(from)?.[1] ?? "localhost";
  return `<${idempotencyKey(mail).replace("/", ".")}@${domain}>`;
}

/** A 5xx about the recipient or the content is final; one about us (greeting, log-in, sender) is a setting to be mended. */
function isRefusalOfTheMail(error: unknown): boolean {
  const { responseCode = 0, command = "" } = error as { responseCode?: number; command?: string };
  return responseCode >= 500 && (command === "RCPT TO" || command === "DATA");
}
