import type { Account, Challenge, ChallengePurpose } from "#db/schema.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { readLink } from "./challenges.ts";
import type { LinkState } from "./mailed-links.ts";

export type InspectedLink =
  | { state: LinkState; account: Account; challenge: Challenge }
  | { state: "invalid"; account?: undefined; challenge?: undefined };

/** What a page shows of a mailed link before its button is pressed. Uses nothing up: mail scanners open every link. */
export async function inspectLink({
  token,
  purpose,
}: {
  token: string;
  purpose: ChallengePurpose;
}): Promise<InspectedLink> {
  try {
    return await readLink(token, purpose);
  } catch (error) {
    if (error instanceof AuthError) return { state: "invalid" };
    throw error;
  }
}
