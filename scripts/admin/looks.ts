import { operators } from "#lib/auth/operators/roles.ts";
import { type Answer, STATUS_IN_WORDS } from "./acts.ts";

/** What the command shows. */

export const LOOKS = {
  async operators() {
    const all = await operators();
    const lines = all.map(
      ({ role, email, id, status }) => `  ${role.padEnd(8)} ${email}  #${id}  ${STATUS_IN_WORDS[status]}`,
    );
    return {
      said: lines.join("\n") || "  Nobody has a role. Give one with: npm run admin -- grant <who> --role admin",
      data: all,
    };
  },
} as const satisfies Record<string, (who: string | undefined) => Promise<Answer>>;
