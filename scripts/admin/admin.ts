import { existsSync } from "node:fs";
import { closeDatabase, openStore } from "#db/client.ts";
import { databaseFile } from "#db/place.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { accountNamed } from "#lib/auth/operators/name-account.ts";
import { storeEngine } from "#lib/env.ts";
import { MESSAGES } from "#lib/pages/messages.ts";
import { runAsCommand, sentence } from "../command.ts";
import { ACTS, type Input } from "./acts.ts";
import { LOOKS } from "./looks.ts";

/**
 * `npm run admin -- <what> [who] [options]`: what operators do on the console, for scripts, and for when nobody gets in. Whoever may run it may
 * do everything; the audit trail says that it was the command. The server may run meanwhile.
 */

const USAGE = `Usage: npm run admin -- <what> [who] [options]

  find <beginning of an address, a name or a username>
  show <who>
  operators

  grant <who> --role admin|support     revoke <who>
  link [--role admin|support] [--to <file>]
  block <who> [--days 7]               unblock <who>
  end-sessions <who>                   reset <who>
  remove-app <who>                     delete <who> --yes
  verify-mail <who>

  <who>: an address, a username, #number, or a sub.
  --why "..." goes into the audit trail.  --json prints the answer for programs.`;

await runAsCommand(
  {
    json: { type: "boolean" },
    why: { type: "string" },
    role: { type: "string" },
    days: { type: "string" },
    to: { type: "string" },
    yes: { type: "boolean" },
  },
  async (options, [what = "", who, ...more]) => {
    const act = Object.hasOwn(ACTS, what) ? ACTS[what as keyof typeof ACTS] : undefined;
    const look = Object.hasOwn(LOOKS, what) ? LOOKS[what as keyof typeof LOOKS] : undefined;
    if (!(act || look) || more.length > 0) throw new Error(USAGE);
    if (storeEngine() === "sqlite" && !existsSync(databaseFile()))
      throw sentence(`There is no database at ${databaseFile()}. Set DATABASE_URL to the server's`);
    await openStore();
    try {
      const answer = await (look ? look(who) : act?.(await inputFrom(what, who, options)));
      console.log(options.json ? JSON.stringify(answer?.data) : `\n${answer?.said}\n`);
    } catch (error) {
      throw error instanceof AuthError ? new Error(MESSAGES[error.code]) : error;
    } finally {
      await closeDatabase();
    }
  },
);

async function inputFrom(what: string, who: string | undefined, options: Omit<Input, "account">): Promise<Input> {
  if (what === "link") return options;
  if (who === undefined) throw sentence(`${what} needs somebody: an address, a username, #number, or a sub`);
  const account = await accountNamed(who);
  if (!account) throw sentence(`Nobody here is called ${who}`);
  return { ...options, account };
}
