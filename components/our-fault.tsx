"use client";

import { useSyncExternalStore } from "react";
import { PageTitle } from "./page-title.tsx";

/** A fault of ours, told without details: these are in the log, under the id shown here. */
export function OurFault({ error, retry }: { error: unknown; retry: () => void }) {
  const reference = useReference(error);
  return (
    <>
      <PageTitle title="Something broke" hasErrors />
      <h1>Something broke on our side</h1>
      <p>It is not your doing, and it has been noted. Trying again often helps.</p>
      <button type="button" className="button primary" onClick={retry}>
        Try again
      </button>
      <p className="hint">
        If you ask for help, name this: <code className="reference">{reference}</code>
      </p>
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
