import { findAccount } from "#db/accounts.ts";
import { AccountStatus } from "#db/schema.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { type InvitationState, nameOfInviter, readInvitation } from "./invitation-link.ts";

export type InspectedInvitation =
  | {
      state: InvitationState;
      /** Who invites, as the mail named them. */
      inviter: string;
      /** Who is invited. */
      email: string;
      /** Whether somebody has proved this address already. */
      isMember: boolean;
    }
  | { state: "invalid" };

/** What the page behind the mailed link shows. Uses nothing up. */
export async function inspectInvitation({ token }: { token: string }): Promise<InspectedInvitation> {
  try {
    const { state, inviter, invitation } = await readInvitation(token);
    const { email } = invitation;
    const invited = await findAccount({ email });
    return {
      state,
      inviter: nameOfInviter(invitation, inviter),
      email,
      isMember: invited !== undefined && invited.status !== AccountStatus.unverified,
    };
  } catch (error) {
    if (error instanceof AuthError) return { state: "invalid" };
    throw error;
  }
}
