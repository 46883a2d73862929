import type { Answer, Operation, Parameter, Path } from "./document.ts";
import { ALWAYS_SENT } from "./headers.ts";

/** The two paths that a browser is sent to, and that answer by sending it on. */

const sentOn: Answer = {
  description: "The browser is sent on.",
  headers: {
    ...ALWAYS_SENT,
    Location: { description: "Where to.", required: true, schema: { type: "string", format: "uri" } },
  },
};

const start = browserOnly({
  operationId: "flatLoginGoogleInBrowser",
  summary: "Send a browser to Google",
  description: "A link for a page. The browser comes back to `/api/login_google/callback`, and is then logged in here.",
  parameters: [query("next", "The path of this server to end on; `/account` without it")],
});

const callback = browserOnly({
  operationId: "flatLoginGoogleCallback",
  summary: "Where Google sends the browser back to",
  description:
    "Leads on to where the person was going; to the log-in page, which says why, when Google did not confirm it.",
  parameters: [
    query("code", "From Google"),
    query("state", "From Google"),
    query("error", "From Google, when the person said no"),
  ],
});

/** All paths, with these two added. */
export function withBrowserPaths(paths: Record<string, Path>): Record<string, Path> {
  const added: Record<string, Path> = {};
  for (const [path, described] of Object.entries(paths)) {
    const isLogIn = path === "/api/login_google";
    added[path] = isLogIn ? { ...described, get: start } : described;
    if (isLogIn) added["/api/login_google/callback"] = { get: callback };
  }
  return added;
}

function query(name: string, description: string): Parameter {
  return { name, in: "query", description, required: false, schema: { type: "string" } };
}

function browserOnly(own: Pick<Operation, "operationId" | "summary" | "description" | "parameters">): Operation {
  return { ...own, tags: ["flat"], security: [], "x-browser-only": true, responses: { "303": sentOn } };
}
