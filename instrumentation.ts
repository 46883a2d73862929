import type { Instrumentation } from "next";

/** Next calls this once, as the server starts: what runs beside the requests. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { startBackgroundWork } = await import("./lib/server/background.ts");
  startBackgroundWork();
}

/** A fault in a page or an action: one line with both names an error page shows, and never the query (a mailed token). */
export const onRequestError: Instrumentation.onRequestError = async (error, request, { routePath }) => {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { describeError, log } = await import("#lib/log.ts");
  const digest = error instanceof Error && "digest" in error ? error.digest : undefined;
  log.error("page_failed", { id: request.headers["x-request-id"], digest, path: routePath, ...describeError(error) });
};
