/** Why a use-case about webhooks did nothing. */
export type WebhookRefusal =
  /** Its URL is none, is longer than 2,000 characters, or has credentials or a fragment. */
  | "url_invalid"
  | "url_not_https"
  /** It leads into a private network, and WEBHOOK_PRIVATE_HOSTS does not name its host. */
  | "url_private"
  /** There is no such type. */
  | "type_unknown"
  | "webhook_limit"
  | "webhook_not_found"
  | "webhook_off"
  | "delivery_not_found"
  /** It is being sent in this moment. */
  | "delivery_under_way";

export class WebhookRefused extends Error {
  readonly code: WebhookRefusal;
  constructor(code: WebhookRefusal) {
    super(code);
    this.name = "WebhookRefused";
    this.code = code;
  }
}
