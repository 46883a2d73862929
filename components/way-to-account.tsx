import { unstable_rethrow } from "next/navigation";
import { currentPerson } from "#lib/pages/session.ts";
import { NotOnPage } from "./not-on-page.tsx";

/** For whoever is logged in, on every page but the account's own. */
export async function WayToAccount() {
  // Where the store cannot be asked, the page itself says so; what stands above it must not take it away.
  const person = await currentPerson().catch((error) => {
    unstable_rethrow(error);
    return null;
  });
  return (
    person && (
      <NotOnPage path="/account">
        <a className="own" href="/account">
          Your account
        </a>
      </NotOnPage>
    )
  );
}
