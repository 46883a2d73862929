import { createServer } from "node:net";
import { env } from "#lib/env.ts";
import { isMissingHere, listeningHosts, listenProblem } from "#lib/server/listening.ts";

/**
 * Says what would stop the server before anything slow is done: settings that are wrong (all at once), a port that is
 * taken. Throws with the sentence for the person who started it.
 */
export async function preflight(): Promise<void> {
  const settings = env();
  for (const host of listeningHosts(settings)) {
    const error = await tryToListen(settings.PORT, host);
    if (error && !isMissingHere(host, error)) throw new Error(listenProblem(settings, error));
  }
}

function tryToListen(port: number, host: string): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", resolve);
    probe.listen({ port, host }, () => probe.close(() => resolve(undefined)));
  });
}
