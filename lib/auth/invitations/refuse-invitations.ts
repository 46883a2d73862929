import { insertMailRefusal, refusesMail } from "#db/mail-refusals.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { readLinkToken } from "#lib/auth/proofs/mailed-links.ts";
import { clock } from "#lib/clock.ts";
import { normalizeEmail } from "#lib/identifiers.ts";

/**
 * "Do not mail me again": kept for good. Any invitation ever mailed to an address says so for it, even one long expired and
 * forgotten. Throws `link_invalid`.
 */
export async function refuseInvitations({ token }: { token: string }): Promise<{ email: string }> {
  const { email } = await readLinkToken(token, "invite");
  await insertMailRefusal(email, clock());
  return { email };
}

/** Whom "do not mail me again" would be kept for, and whether it is already. Uses nothing up. */
export async function inspectRefusal({
  token,
}: {
  token: string;
}): Promise<{ state: "open" | "kept"; email: string } | { state: "invalid" }> {
  try {
    const { email } = await readLinkToken(token, "invite");
    return { state: (await refusesMail(email)) ? "kept" : "open", email };
  } catch (error) {
    if (error instanceof AuthError) return { state: "invalid" };
    throw error;
  }
}

/** Whether this address said "do not mail me again". For doors that tell their callers so. */
export const refusesInvitations = (email: string): Promise<boolean> => refusesMail(normalizeEmail(email));
