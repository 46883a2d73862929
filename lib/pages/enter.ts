import { redirect } from "next/navigation";
import type { Account } from "#lib/auth/accounts/accounts.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { openSession } from "#lib/auth/sessions/open-session.ts";
import { DOORS } from "#lib/doors.ts";
import { pathAfterLogIn } from "./after-log-in.ts";
import { askForCode } from "./ask-for-code.ts";
import { forgetMail } from "./pending-mail.ts";
import { pageClient, signIn } from "./session.ts";

/** Lets in, in a server action, whoever has just proved by a mail of ours that the account is theirs. Goes on to `path`. */
export async function enter(account: Account, path: string): Promise<never> {
  await forgetMail();
  const client = await pageClient();
  const session = await openSession({ account, proof: "mail", door: DOORS.pages, client }).catch(async (error) => {
    await askForCode(error, path);
    return toLogIn(error);
  });
  await signIn({ account, session });
  redirect(pathAfterLogIn(account, path));
}

/** A proved address opens nothing while the account is blocked, or changed hands meanwhile; the log-in page says so. */
function toLogIn(error: unknown): never {
  if (error instanceof AuthError) redirect("/login");
  throw error;
}
