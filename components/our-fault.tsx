"use client";

import { unstable_isUnrecognizedActionError } from "next/navigation";
import { useSyncExternalStore } from "react";
import { OpenAnew } from "./open-anew.tsx";
import { PageTitle } from "./page-title.tsx";

/** A fault of ours, told without details: these are in the log, under the id shown here. */
export function OurFault({ error, retry }: { error: unknown; retry: () => void }) {
  const reference = useReference(error);
  if (unstable_isUnrecognizedActionError(error)) return <Outdated />;
  return (
    <>
      <PageTitle title="Something went wrong" hasErrors />
      <h1>Something went wrong on our side</h1>
      <p>This is our fault, not yours. It has been logged. Trying again often helps.</p>
      <button type="button" className="button primary" onClick={retry}>
        Try again
      </button>
      <p className="hint">
        Quote this reference: <code className="reference">{reference}</code>
      </p>
    </>
  );
}

/** No fault: a button of a page that was opened before the site was updated. */
function Outdated() {
  return (
    <>
      <PageTitle title="This site was updated" hasErrors />
      <h1>This site was updated</h1>
      <p>You opened this page before the update, so nothing was done. Open it again and retry.</p>
      <OpenAnew />
    </>
  );
}

function useReference(error: unknown): string {
  const digest = error instanceof Error && "digest" in error ? String(error.digest) : "";
  // The root layout sets it, at times only after this was rendered; where that very layout failed, the digest stands alone.
  const request = useSyncExternalStore(
    () => () => {},
    () => document.documentElement.dataset.requestId ?? "",
    () => "",
  );
  return [request, digest].filter(Boolean).join(" / ");
}
