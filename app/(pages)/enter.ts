import { redirect } from "next/navigation";
import { type Account, AccountStatus } from "#db/schema.ts";
import { openSession } from "#lib/auth/sessions.ts";
import { pageClient, signIn, signOut } from "#lib/http/page-session.ts";
import { forgetMail } from "#lib/http/pending-mail.ts";

/** Lets in, in a server action, whoever has just proved by a mail of ours that the account is theirs. Goes on to `path`. */
export async function enter(account: Account, path: string): Promise<never> {
  await forgetMail();
  // A proved address opens nothing while the account is blocked; the log-in page says so.
  if (account.status !== AccountStatus.active) redirect("/login");
  // Whoever was logged in here before, as somebody else, is not left behind with a session nobody looks after.
  await signOut();
  await signIn({ account, session: await openSession({ account, kind: "pages", client: await pageClient() }) });
  redirect(path);
}
