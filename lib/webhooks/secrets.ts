import { randomBytes } from "node:crypto";
import type { Webhook } from "#db/schema.ts";
import { seal, unseal } from "#lib/auth/at-rest.ts";

/** What a webhook's messages are signed with: shown once to whoever made it, and kept sealed. */

const BYTES = 32;

/** As Standard Webhooks writes one. */
export const newSecret = (): string => `whsec_${randomBytes(BYTES).toString("base64")}`;

const sealedFor = (id: string) => ({ use: "webhook secrets", row: id });

export const sealSecret = (secret: string, { id }: Pick<Webhook, "id">): string => seal(secret, sealedFor(id));

/** Those that are good now, the newest first. Throws `SealBroken`. */
export function secretsOf({ id, secret, oldSecret, oldSecretEndsAt }: Webhook, now: number): string[] {
  const isOldGood = oldSecret !== null && oldSecretEndsAt !== null && oldSecretEndsAt > now;
  return [secret, ...(isOldGood ? [oldSecret] : [])].map((sealed) => unseal(sealed, sealedFor(id)));
}
