import { redirect } from "next/navigation";
import { takeData } from "#lib/auth/accounts/take-data.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { toConfirmation } from "#lib/pages/confirmed.ts";
import { download, isAskedFromElsewhere } from "#lib/pages/download.ts";
import { pageClient, requirePerson } from "#lib/pages/session.ts";

const PAGE = "/account/data";

/**
 * The file with all that is kept about whoever is logged in, as a download, written as it is read from the store. Leads elsewhere who must
 * show first that it is them, and who took it too often.
 */
export async function GET(request: Request): Promise<Response> {
  // It would also use up how often they may take it.
  if (isAskedFromElsewhere(request)) redirect(PAGE);
  const person = await requirePerson(PAGE);
  const parts = await takeData({ ...person, client: await pageClient() }).catch(leadElsewhere);
  return download("data", "json", parts);
}

function leadElsewhere(error: unknown): never {
  if (error instanceof AuthError && error.code === "too_many_tries") redirect(`${PAGE}?problem=download`);
  toConfirmation(error, `${PAGE}?notice=confirmed`);
}
