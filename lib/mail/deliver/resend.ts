import { Resend } from "resend";
import { headersOf, idempotencyKey } from "#lib/mail/mail.ts";
import { DeliveryError, PATIENCE, type Transport } from "./transport.ts";

/** Through Resend's HTTP API. The SDK reads RESEND_BASE_URL itself. */
export function resendTransport({ apiKey, from }: { apiKey: string; from: string }): Transport {
  const resend = new Resend(apiKey);
  return async (mail) => {
    const { error } = await resend.emails.send(
      { from, to: mail.to, subject: mail.subject, html: mail.html, text: mail.text, headers: headersOf(mail) },
      // A mail tried again after its answer was lost reaches the person once: Resend keeps the key for 24 h.
      { idempotencyKey: idempotencyKey(mail), signal: AbortSignal.timeout(PATIENCE) },
    );
    if (!error) return;
    throw new DeliveryError(`Resend answered ${error.statusCode ?? "nothing"}: ${error.name}: ${error.message}`, {
      // A sender that is refused is a setting to be mended, and then this mail goes out after all.
      permanent: error.statusCode === 422 && error.name !== "invalid_from_address",
    });
  };
}
