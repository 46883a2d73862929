import { redirect } from "next/navigation";
import { AuthError } from "#lib/auth/errors.ts";
import { secondFactorOf } from "#lib/auth/factors/authenticator/enroll.ts";
import type { By } from "#lib/auth/operators/authority.ts";
import { roleOf } from "#lib/auth/operators/roles.ts";
import { toConfirmation } from "./confirmed.ts";
import { download, isAskedFromElsewhere } from "./download.ts";
import { pageClient, requirePerson } from "./session.ts";

/**
 * A file of the console, for an admin. Everybody else is led to its page, which says what it says to them: a route has no page of its own to
 * show that there is nothing here.
 */
export async function exported(
  request: Request,
  {
    page,
    name,
    take,
  }: { page: string; name: string; take: (by: By, format: "csv" | "json") => Promise<AsyncIterable<string>> },
): Promise<Response> {
  const { pathname, search, searchParams } = new URL(request.url);
  const format = searchParams.get("format") === "json" ? "json" : "csv";
  if (isAskedFromElsewhere(request)) redirect(page);
  const person = await requirePerson(page);
  if (!(await roleOf(person.account.id)) || !(await secondFactorOf(person.account.id))) redirect(page);
  const by = { ...person, client: await pageClient() };
  const parts = await take(by, format).catch((error: unknown) => {
    if (error instanceof AuthError && error.code === "not_allowed") redirect(`${page}?problem=not_allowed`);
    toConfirmation(error, pathname + search);
  });
  return download(name, format, parts);
}
