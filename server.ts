import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import next from "next";
import { ENDPOINTS } from "#app/api/endpoints.ts";
import { closeDatabase, openStore } from "#db/client.ts";
import { claimStore, releaseStore } from "#db/one-server.ts";
import { databaseFile, databaseName } from "#db/place.ts";
import { endCall, RETRY_AFTER, troubleOf } from "#db/trouble.ts";
import { whyNotOpened } from "#db/why-not-opened.ts";
import { type Call, withCall } from "#lib/call.ts";
import { clientOf } from "#lib/client.ts";
import { DOORS } from "#lib/doors.ts";
import { type Env, env, SettingsError, storeEngine } from "#lib/env.ts";
import { announceListening, announceStop, isStopping, runStops } from "#lib/lifecycle.ts";
import { describeError, flushLog, log } from "#lib/log.ts";
import { openLane } from "#lib/server/lane.ts";
import { publicKeys } from "./lib/auth/tokens/signing-keys.ts";
import { isPagePath, isProgramPath, NO_PAGE_HEADER } from "./lib/contracts/program-paths.ts";
import { currentBuild, holdBuild } from "./lib/server/builds.ts";
import { refusalBodies } from "./lib/server/contract-refusals.ts";
import { answerWithFault, showFaults } from "./lib/server/fault-page.ts";
import { settleForwardedHeaders } from "./lib/server/forwarded.ts";
import { hashDoors } from "./lib/server/hash-doors.ts";
import { isMissingHere, listeningHosts, listenProblem } from "./lib/server/listening.ts";
import { showOldForms } from "./lib/server/old-form.ts";
import { OpenConnections } from "./lib/server/open-connections.ts";
import { isFaultPage, NO_PAGE, refusedAtDoor } from "./lib/server/page-door.ts";
import { receiveForm } from "./lib/server/posted-form.ts";
import { type Refusal, refuse } from "./lib/server/refusal.ts";
import { untilOpen } from "./lib/server/until-open.ts";
import { warmUp } from "./lib/server/warm-up.ts";
import { withoutConfigTiming } from "./lib/server/without-config-timing.ts";

/**
 * The process: one HTTP server round Next. It decides what the app may believe about a caller, gives every request an id
 * and a log line, keeps slow callers from holding a connection, and stops without dropping anyone.
 */

const STOP_PATIENCE_MS = 15_000;
/** Longer than any answer takes to be made. */
const SILENCE_MS = 60_000;
/** One Ctrl-C arrives several times: from the terminal, and passed on by npm and by the launcher. */
const ONE_KEY_PRESS_MS = 1_000;
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

const settings = settingsOrExit();
await openStoreOrExit();
await checkSecretOrExit();
if (settings.NODE_ENV === "production") chooseBuildOrExit();
// In development Next answers, which reads an endpoint anew after each change.
const isLaneOpen = settings.NODE_ENV === "production" && !settings.CONTRACTS_THROUGH_NEXT;
const lane = isLaneOpen ? openLane(ENDPOINTS) : undefined;
const passHashDoor = hashDoors(ENDPOINTS);
const refusalBody = refusalBodies(ENDPOINTS);
const app = next({ dev: settings.NODE_ENV !== "production", quiet: true });
const connections = new OpenConnections();
const door = untilOpen();
let stopBegan = 0;
let isWarned = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, stop);
process.on("exit", flushLog);
const servers = await listenOrExit();
tellNextItsOrigin();
await withoutConfigTiming(() => app.prepare());
const handle = app.getRequestHandler();
// In development pages are compiled when they are asked for.
if (settings.NODE_ENV === "production" && !settings.SKIP_WARM_UP)
  await warmUp(async (request, response) => lane?.answer(request, response) ?? handle(request, response));
door.open();
printMap();
announceListening();

function settingsOrExit(): Env {
  try {
    return env();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

async function openStoreOrExit(): Promise<void> {
  try {
    // The database and the secret beside it are for this user's eyes.
    process.umask(0o077);
    if (storeEngine() === "sqlite") claimStore(databaseFile(), settings.PORT);
    await openStore();
  } catch (error) {
    // A file of the driver is missing, which is not the database's fault: the command that started us says what to do.
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") throw error;
    console.error(`The database ${databaseName()} cannot be used: ${whyNotOpened(error)}.`);
    process.exit(1);
  }
}

/** Makes the first signing key, or opens the one there is: a wrong AUTH_SECRET shows now and not at the first log-in. */
async function checkSecretOrExit(): Promise<void> {
  try {
    await publicKeys();
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}

/** Chooses the build to answer from, once: a newer one that is made meanwhile waits for the next start. */
function chooseBuildOrExit(): void {
  const build = currentBuild();
  if (!build) {
    console.error("There is no build yet: run npm start.");
    process.exit(1);
  }
  holdBuild(build);
  // For next.config.mjs, which Next reads.
  process.env.LATCHKEY_BUILD = build;
}

async function listenOrExit(): Promise<Server[]> {
  try {
    return (await Promise.all(listeningHosts(settings).map(listen))).flatMap((server) => server ?? []);
  } catch (error) {
    console.error(listenProblem(settings, error as NodeJS.ErrnoException));
    process.exit(1);
  }
}

function listen(host: string): Promise<Server | undefined> {
  const server = createServer(
    // A caller that sends its headers or body drop by drop must not hold a connection for ever. Node looks for such only now
    // and then, every thirty seconds if not told otherwise.
    { headersTimeout: 13_000, requestTimeout: 30_000, keepAliveTimeout: 5_000, connectionsCheckingInterval: 1_000 },
    answer,
  );
  // Nor one that does not take its answer. In development the browser's tools keep a silent connection.
  if (settings.NODE_ENV === "production") server.setTimeout(SILENCE_MS);
  connections.watch(server);
  if (settings.NODE_ENV !== "production")
    server.on("upgrade", (request, socket, head) => app.getUpgradeHandler()(request, socket, head));
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (isMissingHere(host, error)) resolve(undefined);
      else reject(error);
    });
    server.listen(settings.PORT, host, () => resolve(server));
  });
}

/**
 * When a server action redirects, Next fetches the next page from itself and sends it along. Left to guess, it asks port
 * 3000, or https where a proxy in front speaks it.
 */
function tellNextItsOrigin(): void {
  const at = servers[0]?.address();
  if (typeof at !== "object" || !at) return;
  const anywhere = at.address === "::" || at.address === "0.0.0.0";
  const host = anywhere ? "localhost" : at.family === "IPv6" ? `[${at.address}]` : at.address;
  process.env.__NEXT_PRIVATE_ORIGIN = `http://${host}:${at.port}`;
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  // Cut off for what it asked already; Node still hands on what had arrived with that.
  if (request.socket.destroyed) return;
  const id = randomUUID();
  request.headers["x-request-id"] = id;
  response.setHeader("x-request-id", id);
  // Next and we listen for its end more than ten times together, and from the eleventh on Node warns.
  response.setMaxListeners(20);
  if (isStopping()) response.setHeader("connection", "close");
  const call: Call = {
    id,
    since: performance.now(),
    // A contract's endpoint says otherwise.
    door: DOORS.pages.name,
    setHeader: (name, value) => response.headersSent || response.setHeader(name, value),
  };
  response.once("close", () => endCall(call));
  logWhenDone(call, request, response);
  settleForwardedHeaders(request, settings.TRUST_PROXY);
  call.client = clientOf({ get: (name) => request.headers[name]?.toString() ?? null });
  sayWhetherPage(request);
  if (settings.TRUST_PROXY === 0 && request.headers["x-latchkey-forwarded"]) warnOfUntrustedProxy();
  const refusal = refusalOf(request);
  if (refusal) refuse(request, response, { ...refusal, body: refusalBody(request.url ?? "", refusal.message) });
  else door.pass(request, response, () => passHashDoor(request, response, () => letIn(call, request, response)));
}

/** For the middleware (proxy.ts), which every page goes through and nothing else. */
function sayWhetherPage(request: IncomingMessage): void {
  if (isPagePath(request.url ?? "")) delete request.headers[NO_PAGE_HEADER];
  else request.headers[NO_PAGE_HEADER] = "1";
}

function letIn(call: Call, request: IncomingMessage, response: ServerResponse): Promise<void> {
  return withCall(call, () => handOn(call, request, response)).catch((error) =>
    fail(call.id, error, request, response),
  );
}

/** To the endpoint, or to Next; a request for a page only when it is one that a page can answer. */
async function handOn(call: Call, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const answered = lane?.answer(request, response);
  if (answered) return answered;
  // In development Next's own error page says more.
  if (settings.NODE_ENV === "production") showFaults(call, response);
  if (isProgramPath(request.url ?? "") || isOfDevTools(request.url ?? "")) return handle(request, response);
  const refusal = refusedAtDoor(request, settings);
  if (refusal) return refuse(request, response, refusal);
  if (isFaultPage(request.url ?? "")) request.url = NO_PAGE;
  if (request.method !== "POST") return handle(request, response);
  const received = await receiveForm(request);
  if (!received) return;
  if ("status" in received) return refuse(request, response, received);
  if (settings.NODE_ENV === "production") showOldForms(received, response);
  return handle(received.request, response);
}

/** What Next's own tools in the browser ask while one works on the pages. */
function isOfDevTools(url: string): boolean {
  return settings.NODE_ENV !== "production" && /^\/__?next/.test(url);
}

/** Behind a proxy that is not trusted all people share one address, and soon one limit. Said once: anyone may send the header. */
function warnOfUntrustedProxy(): void {
  if (isWarned) return;
  isWarned = true;
  log.warn("proxy_not_trusted", { hint: "a request was forwarded; if a proxy of yours did that, set TRUST_PROXY=1" });
}

/** The path and never the query, which may hold a mailed token. */
function logWhenDone(call: Call, request: IncomingMessage, response: ServerResponse): void {
  const began = performance.now();
  const path = (request.url ?? "").split("?", 1)[0];
  response.once("close", () =>
    log.soon("request", {
      id: call.id,
      method: request.method,
      path,
      status: call.answered ?? response.statusCode,
      ms: Math.round(performance.now() - began),
      address: request.headers["x-forwarded-for"],
      ...(response.writableFinished ? {} : { aborted: true }),
    }),
  );
}

/** What Next would answer with a page or not at all. */
function refusalOf(request: IncomingMessage): Refusal | undefined {
  if (!METHODS.has(request.method ?? ""))
    return { status: 405, message: "This method is not known here", headers: { allow: [...METHODS].join(", ") } };
  if (!request.url?.startsWith("/") || !isDecodable(request.url))
    return {
      status: 400,
      message: "This address is not valid",
      advice: `<p>No page can have this address. If you came from a mail, its link may have been cut in two: copy the whole link.</p>
<p class="ways"><a href="/">Go to the home page</a></p>`,
    };
  return undefined;
}

function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url.split("?", 1)[0] ?? "");
    return true;
  } catch {
    return false;
  }
}

function fail(id: string, error: unknown, request: IncomingMessage, response: ServerResponse): void {
  log.error("request_failed", { id, ...describeError(error) });
  if (response.headersSent) response.destroy();
  else if (troubleOf(error))
    refuse(request, response, {
      status: 503,
      message: "The server is busy. Try again in a moment",
      headers: { "retry-after": String(RETRY_AFTER) },
    });
  else if (request.headers.accept?.includes("text/html")) answerWithFault(id, response);
  else refuse(request, response, { status: 500, message: `Something went wrong on our side. Request ${id}` });
}

function printMap(): void {
  const { APP_URL, RESEND_API_KEY, SMTP_URL } = settings;
  const mail = RESEND_API_KEY ? "sent through Resend" : SMTP_URL ? "sent through SMTP" : `${APP_URL}/dev/mailbox`;
  console.log(
    `\n  App      ${APP_URL}\n  API      ${APP_URL}/docs\n  Mail     ${mail}\n  Data     ${databaseName()}\n`,
  );
}

/** Takes no new connection, answers what is under way, lets the outbox finish, closes the store. A second signal ends it now. */
async function stop(): Promise<void> {
  if (isStopping()) {
    if (performance.now() - stopBegan > ONE_KEY_PRESS_MS) process.exit(1);
    return;
  }
  stopBegan = performance.now();
  announceStop();
  setTimeout(() => process.exit(1), STOP_PATIENCE_MS).unref();
  // Whoever waits for the start has been let wait, and is answered.
  await door.opened;
  await connections.end();
  await runStops();
  await app.close();
  await closeDatabase();
  releaseStore();
  process.exit(0);
}
