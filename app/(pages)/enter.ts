import { redirect } from "next/navigation";
import type { Account } from "#db/schema.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { openSession } from "#lib/auth/open-session.ts";
import { pageClient, signIn } from "#lib/http/page-session.ts";
import { forgetMail } from "#lib/http/pending-mail.ts";

/** Lets in, in a server action, whoever has just proved by a mail of ours that the account is theirs. Goes on to `path`. */
export async function enter(account: Account, path: string): Promise<never> {
  await forgetMail();
  const session = await openSession({ account, proof: "mail", kind: "pages", client: await pageClient() }).catch(
    toLogIn,
  );
  await signIn({ account, session });
  redirect(path);
}

/** A proved address opens nothing while the account is blocked, or changed hands meanwhile; the log-in page says so. */
function toLogIn(error: unknown): never {
  if (error instanceof AuthError) redirect("/login");
  throw error;
}
