import { type Env, isLoopback } from "#lib/env.ts";

/** The addresses to listen on. An app that is on this machine only listens on this machine only, on both kinds of its address. */
export function listeningHosts({ HOST, APP_URL }: Env): string[] {
  if (HOST) return [HOST];
  return isLoopback(new URL(APP_URL).hostname) ? ["127.0.0.1", "::1"] : ["::"];
}

/** Whether the error only says that this machine has no IPv6, where the other address is enough. */
export function isMissingHere(host: string, { code }: NodeJS.ErrnoException): boolean {
  return host === "::1" && (code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT");
}

/** What a person is told when the port cannot be listened on. */
export function listenProblem({ PORT }: Env, { code, message }: NodeJS.ErrnoException): string {
  if (code === "EADDRINUSE") return `Port ${PORT} is already in use. Choose another one: PORT=${PORT + 1} npm start`;
  return `Cannot listen on port ${PORT}: ${message}`;
}
