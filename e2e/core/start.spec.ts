import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { Agent, request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { api } from "#e2e/fixtures/api.ts";
import { dispose, type Ending, freePort, inherited, isOpen, spawnServer } from "#e2e/fixtures/server.ts";
import { rows } from "#e2e/fixtures/store.ts";
import { expect, person, poll, test } from "#e2e/fixtures/test.ts";
import { currentBuild } from "#lib/server/builds.ts";
import { isBuilt } from "../../scripts/build.ts";
import { isInstalled } from "../../scripts/install.ts";
import { isGoodNode, NODE_NEEDED } from "../../scripts/runtime.mjs";

test.describe("A start that cannot succeed", () => {
  test("says that the port is taken, and what to set", async () => {
    const port = await freePort();
    const occupier = createServer();
    await new Promise<void>((resolve) => occupier.listen(port, "127.0.0.1", resolve));
    const server = spawnServer(port);
    expect((await server.ended).code).toBe(1);
    expect(server.output()).toContain(`Port ${port} is already in use. Choose another one: PORT=${port + 1} npm start`);
    occupier.close();
  });

  test("names all settings that are wrong at once, never their values, and listens to nobody", async () => {
    const wrong = {
      APP_URL: "canary-one",
      AUTH_SECRET: "canary-two",
      SMTP_URL: "canary-three",
      REDIRECT_URLS: "javascript:canary-four",
      BCRYPT_COST: "canary-five",
      CODE_TTL: "canary-six",
    };
    const server = spawnServer(await freePort(), wrong);
    expect((await server.ended).code).toBe(1);
    for (const name of Object.keys(wrong)) expect(server.output()).toContain(name);
    expect(server.output()).not.toContain("canary");
    expect(server.output()).not.toContain(server.url);
  });

  test("says which Node.js is needed in one sentence where it is too old and no other can be fetched", () => {
    const { node, args } = anOldNode();
    const folder = bareCopy();
    const { status, signal, stdout, stderr } = spawnSync(node, [...args, "scripts/start.mjs"], {
      cwd: folder,
      encoding: "utf8",
      env: { NODE_ENV: "production", PATH: "" },
    });
    expect(signal).toBeNull();
    expect(status).toBe(1);
    const said = stderr.trim();
    expect(said).toMatch(/^Latchkey needs Node\.js .* or newer .*\.$/);
    expect(said).toContain(NODE_NEEDED);
    expect(said.split("\n")).toHaveLength(1);
    expect(stdout).not.toContain("    at ");
    rmSync(folder, { recursive: true });
  });
});

test("runs on every Node.js that strips types and on none that crashes better-sqlite3", () => {
  for (const version of ["12.22.12", "18.20.8", "20.19.5", "21.7.3", "22.13.1", "22.17.1", "23.5.0"])
    expect(isGoodNode(version), version).toBe(false);
  for (const version of ["22.18.0", "22.22.1", "23.6.0", "24.0.0", "24.21.0", "26.1.0"])
    expect(isGoodNode(version), version).toBe(true);
});

test.describe("A second start", () => {
  test("installs nothing and builds nothing", async () => {
    // What `npm test` has just installed and built is the first one.
    expect(isInstalled()).toBe(true);
    expect(isBuilt()).toBe(true);
    const made = ["node_modules/.package-lock.json", `${currentBuild()}/BUILD_ID`];
    const before = made.map((file) => statSync(file).mtimeMs);
    const started = await startWithLauncher();
    expect((await started.stop("SIGTERM")).code).toBe(0);
    expect(started.output()).not.toMatch(/Installing|Building|fetching/);
    expect(started.output()).toContain(started.url);
    expect(started.output()).toContain("/dev/mailbox");
    expect(started.output()).toContain(`${started.url}/docs`);
    // What Next measures about itself is no news to whoever starts a server.
    expect(started.output()).not.toContain("next.config");
    expect(made.map((file) => statSync(file).mtimeMs)).toEqual(before);
  });
});

test("what a start tries out for itself leaves nothing behind", async ({ startServer }) => {
  const server = await startServer({ BCRYPT_COST: "4", SKIP_WARM_UP: undefined });
  expect(server.log().filter(({ path }) => path !== "/health/ready")).toEqual([]);
  for (const table of ["accounts", "challenges", "invitations", "limits", "outbox", "sessions"])
    expect(await rows(server, `select * from ${table}`), table).toEqual([]);
  // Not even a number is used up.
  expect((await api(server.url).post("/api/users/signUp", { ...person(), ...named })).body.id).toBe(1);
});

test("who comes while a server starts waits for it, and is answered", async () => {
  const server = spawnServer(await freePort(), { SKIP_WARM_UP: undefined });
  try {
    // All at once, as soon as it listens: asked one after the other, a busy machine may have it open before the last.
    const early = () =>
      Promise.all(["/health/live", "/login", "/api/auth/me", "/health/ready"].map((path) => fetch(server.url + path)));
    const [live, page, call, ready] = (await poll(() => early().catch(() => undefined), {
      what: "it to listen",
    })) as [Response, Response, Response, Response];
    expect(await live.json()).toEqual({ ok: true, isStarting: true });
    expect([page.status, call.status, ready.status]).toEqual([200, 401, 503]);
    expect(await page.text()).toContain("Log in");
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
  } finally {
    await dispose(server);
  }
});

const named = { first_name: "Ada", last_name: "Lovelace", phone_number: "+1 555 0100" };

test.describe("A stop", () => {
  test("by SIGTERM answers the request that is under way, then ends well", async ({ startServer }) => {
    const server = await startServer();
    const call = await callUnderWay(server.url);
    const ending = server.stop("SIGTERM");
    await poll(() => isDeaf(server.url), { what: "the server to take no new connection" });
    expect((await call.finish()).status).toBe(404);
    expect(await ending).toEqual({ code: 0, signal: null });
  });

  test("resets no connection of those who go on calling", async ({ startServer }) => {
    const server = await startServer();
    let answers = 0;
    const callers = Array.from({ length: 40 }, () => callOn(server.url, () => answers++));
    await poll(() => answers > 400, { what: "everyone to be calling" });
    const ending = server.stop("SIGTERM");
    expect(await Promise.all(callers)).toEqual(Array(40).fill("close"));
    expect(await ending).toEqual({ code: 0, signal: null });
  });

  test("by Ctrl-C, which arrives several times, does so too", async ({ startServer }) => {
    const server = await startServer();
    const call = await callUnderWay(server.url);
    const ending = server.stop("SIGINT");
    server.stop("SIGINT");
    server.stop("SIGINT");
    await poll(() => isDeaf(server.url), { what: "the server to take no new connection" });
    expect((await call.finish()).status).toBe(404);
    expect(await ending).toEqual({ code: 0, signal: null });
  });
});

test("no password, token or code ever turns up in the log", async ({ api, server, mailFor }) => {
  const someone = { ...person(), password: "canary-of-a-password" };
  const { email, password } = someone;
  await api.post("/api/auth/signup", { email, password });
  const mail = await mailFor(email);
  const authToken = new URL(mail.link ?? "").searchParams.get("authToken") ?? "";
  await api.get(`/verify-email?authToken=${authToken}`);
  await api.post("/api/auth/login", { email, password: `${password}-wrong` });
  await api.post("/api/auth/login", `{"email": "${email}", "password": "${password}`);
  await api.post("/api/auth/login", { email, password: [password] });
  await api.post(`/api/auth/login?password=${password}`, { email, password });
  const { body } = await api.post("/verify", { authToken });
  await api.get("/api/auth/me", { authorization: `Bearer ${body.accessToken}` });
  await api.post("/api/auth/refresh", { refreshToken: body.refreshToken });
  await api.post("/password/reset", { authToken, password });

  const secrets = { password, authToken, code: mail.code, access: body.accessToken, refresh: body.refreshToken };
  expect(server.log().filter((line) => line.event === "request").length).toBeGreaterThanOrEqual(9);
  for (const [name, secret] of Object.entries(secrets)) {
    expect(secret, name).toBeTruthy();
    // A six-digit code might be part of a time or an id by chance; as a value of its own it would stand in quotes.
    expect(server.output(), name).not.toContain(name === "code" ? `"${secret}"` : secret);
  }
});

/** A request whose headers the server has read and whose body it waits for. */
async function callUnderWay(url: string) {
  const body = JSON.stringify(person());
  const call = request(`${url}/api/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json", "content-length": body.length, expect: "100-continue" },
  });
  call.flushHeaders();
  // The answer to `Expect` is the proof that the request is being dealt with.
  await new Promise((resolve) => call.once("continue", resolve));
  return {
    finish: () =>
      new Promise<{ status: number | undefined }>((resolve, reject) => {
        call.once("error", reject);
        call.once("response", (response) => {
          response.resume();
          resolve({ status: response.statusCode });
        });
        call.end(body);
      }),
  };
}

/** Calls again and again over one connection, until an answer says that it is the last one, or there is none. */
async function callOn(url: string, answered: () => void): Promise<string | undefined> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  while (true) {
    const last = await new Promise<string | undefined>((resolve) =>
      request(`${url}/api/auth/me`, { agent }, (response) => {
        response.resume();
        response.once("end", () => resolve(response.headers.connection));
      })
        .once("error", (error: NodeJS.ErrnoException) => resolve(error.code))
        .end(),
    );
    if (last !== "keep-alive") return last;
    answered();
    // People pause between two clicks, so some connections are idle when the signal comes.
    await pause(Math.random() * 50);
  }
}

async function isDeaf(url: string): Promise<boolean> {
  return fetch(`${url}/health/live`).then(
    () => false,
    () => true,
  );
}

/** What `npm start` runs, on a port and with a database of its own. */
async function startWithLauncher() {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "latchkey-start-"));
  const url = `http://localhost:${port}`;
  const DATABASE_URL = `file:${join(folder, "latchkey.db")}`;
  const env = { ...inherited(), NODE_ENV: "production" as const, PORT: String(port), DATABASE_URL };
  const child = spawn(process.execPath, ["scripts/start.mjs"], {
    env: env as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  const ended = new Promise<Ending>((resolve) => child.on("exit", (code, signal) => resolve({ code, signal })));
  await poll(() => isOpen(url), { what: "the launcher's server", within: 20_000 });
  return {
    url,
    output: () => output,
    stop: async (signal: NodeJS.Signals) => {
      child.kill(signal);
      const ending = await ended;
      rmSync(folder, { recursive: true });
      return ending;
    },
  };
}

/** The launcher as it lies in a fresh clone: nothing installed, no Node fetched. */
function bareCopy(): string {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-bare-"));
  cpSync("scripts", join(folder, "scripts"), { recursive: true });
  mkdirSync(join(folder, "runtime"));
  for (const file of ["package.json", "runtime/package.json", "runtime/package-lock.json"])
    cpSync(file, join(folder, file));
  return folder;
}

/** The machine's own old Node where it has one; otherwise this one, made to say that it is old before anything is loaded. */
function anOldNode(): { node: string; args: string[] } {
  const installed = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "node"));
  const old = installed.find((node) => {
    const { stdout } = spawnSync(node, ["-p", "process.versions.node"], { encoding: "utf8" });
    return Boolean(stdout) && !isGoodNode(stdout.trim());
  });
  if (old) return { node: old, args: [] };
  const disguise = `Object.defineProperty(process.versions, "node", { value: "20.19.4" })`;
  return { node: process.execPath, args: ["--import", `data:text/javascript,${encodeURIComponent(disguise)}`] };
}
