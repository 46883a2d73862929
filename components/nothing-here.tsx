import { currentCall } from "#lib/call.ts";
import { PageTitle } from "./page-title.tsx";

/**
 * What a page gives back that is not there for whoever asks. Next's `notFound` answers with a document that is empty until JavaScript fills
 * it; this one reads like the page at any unknown address, and has its status.
 */
export function NothingHere() {
  const call = currentCall();
  if (call) call.isNothing = true;
  return <NoSuchPage />;
}

export function NoSuchPage() {
  return (
    <>
      <PageTitle title="Page not found" />
      <h1>Page not found</h1>
      <p>
        There is no page at this address. If you came from a mail, its link may have been cut in two: copy the whole
        link.
      </p>
      <p className="ways">
        <a href="/">Go to the home page</a>
      </p>
    </>
  );
}
