import type { Account, ChallengePurpose } from "#db/schema.ts";
import { type LinkState, readLink } from "./challenges.ts";
import { AuthError } from "./errors.ts";

export type InspectedLink = { state: LinkState; account: Account } | { state: "invalid"; account?: undefined };

/** What a page shows of a mailed link before its button is pressed. Uses nothing up: mail scanners open every link. */
export async function inspectLink({
  token,
  purpose,
}: {
  token: string;
  purpose: ChallengePurpose;
}): Promise<InspectedLink> {
  try {
    const { state, account } = await readLink(token, purpose);
    return { state, account };
  } catch (error) {
    if (error instanceof AuthError) return { state: "invalid" };
    throw error;
  }
}
