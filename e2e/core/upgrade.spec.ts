import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fill, press, summary } from "#e2e/fixtures/pages.ts";
import { dispose, freePort, inherited, isOpen, launchServer, type RunningServer } from "#e2e/fixtures/server.ts";
import { expect, poll, test } from "#e2e/fixtures/test.ts";
import { copyOfTree } from "#e2e/fixtures/tree.ts";

const LOGIN = "app/(pages)/login/page.tsx";

/** `npm run build`, and `npm start`. */
const BUILD = ["scripts/with-node.mjs", "scripts/build-beside.ts"];
const START = ["scripts/start.mjs"];

test("an update is built beside the running server and starts at once when that has stopped, and forms from before go on", async ({
  browser,
}) => {
  // It builds twice, once in vain; both take from what the last build left to be used again.
  test.setTimeout(300_000);
  const tree = copyOfTree();
  const old = await launchServer({}, tree);
  const port = new URL(old.url).port;
  // The same database and port, as a person's `npm start` has them.
  const settings = { PORT: port, DATABASE_URL: old.env.DATABASE_URL ?? "" };
  const first = readCurrent(tree);
  const pages = await Promise.all(
    [true, false].map((javaScriptEnabled) => browser.newPage({ baseURL: old.url, javaScriptEnabled })),
  );
  try {
    const scripts = await scriptsOf(old, "/login");
    expect(scripts.length).toBeGreaterThan(5);
    for (const page of pages) await page.goto("/forgot-password");
    const sources = readFileSync(join(tree, LOGIN), "utf8");

    // Sources that do not build.
    writeFileSync(join(tree, LOGIN), `${sources}\nexport const broken = (;\n`);
    const failed = run(tree, BUILD);
    expect(await answeredThroughout(old, scripts, failed.ended)).toBe(1);
    expect(failed.output()).toContain(LOGIN);
    expect(failed.output()).toContain("npm start -- --last-build");
    expect(readCurrent(tree)).toBe(first);
    const trial = { PORT: String(await freePort()), DATABASE_URL: `file:${join(tree, "trial.db")}` };
    const last = run(tree, [...START, "--last-build"], trial);
    await isUp(last, trial.PORT);
    expect(await textOf(trial.PORT, "/login")).toContain("<h1>Log in</h1>");
    await last.stop();

    // Sources that do.
    writeFileSync(join(tree, LOGIN), sources.replace("<h1>Log in</h1>", "<h1>Log in anew</h1>"));
    const built = run(tree, BUILD);
    expect(await answeredThroughout(old, scripts, built.ended), built.output()).toBe(0);
    const second = readCurrent(tree);
    expect(second).not.toBe(first);
    expect(buildsIn(tree)).toEqual([first, second].sort());
    // A page nobody had opened before the update, with all it needs.
    for (const script of await scriptsOf(old, "/sign-up")) expect((await fetch(script)).status).toBe(200);

    // The server still runs: the start says so, whichever of the two it would take from it.
    const samePort = run(tree, START, settings);
    expect(await samePort.ended).toBe(1);
    expect(samePort.output()).toContain(`Port ${port} is already in use`);
    const sameData = run(tree, START, { ...settings, PORT: trial.PORT });
    expect(await sameData.ended).toBe(1);
    expect(sameData.output()).toContain(`another server (process ${old.pid}, port ${port}) is already using it`);

    await old.stop();
    const began = performance.now();
    const updated = run(tree, START, settings);
    await isUp(updated, port);
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(updated.output()).not.toContain("Building");
    expect(await textOf(port, "/login")).toContain("<h1>Log in anew</h1>");
    for (const page of pages) {
      await fill(page, { "E-mail address": "no address" });
      await press(page, "Send the mail");
      await expect(summary(page)).toContainText("Enter an e-mail address like name@example.com.");
      await expect(page.getByLabel("E-mail address")).toHaveValue("no address");
    }
    await updated.stop();
  } finally {
    for (const page of pages) await page.close();
    await dispose(old);
    rmSync(tree, { recursive: true });
  }
});

test("under a running server neither its build is tidied away nor dependencies replaced, and sources that do not load are named", async () => {
  const tree = copyOfTree();
  const built = readCurrent(tree);
  const pretend = (name: string) => {
    cpSync(join(tree, ".builds", built), join(tree, ".builds", name), { recursive: true, verbatimSymlinks: true });
    startsNext(name);
  };
  const startsNext = (name: string) => writeFileSync(join(tree, ".builds/current"), `${name}\n`);
  pretend("running00000");
  const server = await launchServer({}, tree);
  try {
    for (const name of ["older0000000", "before000000"]) pretend(name);
    // The sources are those of a build that lies there already, so this only switches to it.
    expect(await run(tree, BUILD).ended).toBe(0);
    expect(readCurrent(tree)).toBe(built);
    expect(buildsIn(tree)).toEqual([built, "before000000", "running00000"].sort());

    const lockFile = readFileSync(join(tree, "package-lock.json"), "utf8");
    const changed = JSON.parse(lockFile);
    changed.packages["node_modules/next"].version = "0.0.1";
    writeFileSync(join(tree, "package-lock.json"), JSON.stringify(changed));
    for (const command of [BUILD, START]) {
      const refused = run(tree, command);
      expect(await refused.ended).toBe(1);
      expect(refused.output().trim()).toBe(
        "The dependencies have changed, and a running server uses the ones installed here. Stop it first, then run this again.",
      );
    }
    writeFileSync(join(tree, "package-lock.json"), lockFile);

    const settings = readFileSync(join(tree, "lib/env.ts"), "utf8");
    writeFileSync(join(tree, "lib/env.ts"), `${settings}export const broken = (;\n`);
    const unreadable = run(tree, START);
    expect(await unreadable.ended).toBe(1);
    expect(unreadable.output().trim()).toMatch(
      /^The sources do not load: lib\/env\.ts:\d+: Expression expected\.\n {2}A running server goes on\. [^\n]*$/,
    );
    writeFileSync(join(tree, "lib/env.ts"), settings);
    expect((await fetch(`${server.url}/login`)).status).toBe(200);

    // A server that was killed leaves nothing behind that would keep its build for ever.
    await server.stop("SIGKILL");
    startsNext("before000000");
    expect(await run(tree, BUILD).ended).toBe(0);
    expect(buildsIn(tree)).toEqual([built, "before000000"].sort());
  } finally {
    await dispose(server);
    rmSync(tree, { recursive: true });
  }
});

const readCurrent = (tree: string): string => readFileSync(join(tree, ".builds/current"), "utf8").trim();

function buildsIn(tree: string): string[] {
  const folders = readdirSync(join(tree, ".builds"), { withFileTypes: true }).filter((one) => one.isDirectory());
  return folders
    .map((one) => one.name)
    .filter((name) => name !== "unfinished")
    .sort();
}

/** Waits for `end` and asks for the scripts meanwhile: each must come, each time. */
async function answeredThroughout<T>(server: RunningServer, scripts: string[], end: Promise<T>): Promise<T> {
  let isOver = false;
  const ended = end.finally(() => {
    isOver = true;
  });
  let rounds = 0;
  const asking = poll(
    async () => {
      for (const script of scripts) expect((await fetch(script)).status, script).toBe(200);
      rounds++;
      return isOver;
    },
    { what: "the build to end", within: 150_000 },
  );
  await Promise.all([asking, ended]);
  expect(rounds).toBeGreaterThan(3);
  expect((await fetch(`${server.url}/login`)).status).toBe(200);
  return ended;
}

async function scriptsOf(server: RunningServer, path: string): Promise<string[]> {
  const html = await (await fetch(`${server.url}${path}`)).text();
  return [...new Set(html.match(/\/_next\/static\/[^"\\]+\.(?:js|css)/g))].map((file) => `${server.url}${file}`);
}

async function textOf(port: string, path: string): Promise<string> {
  return (await fetch(`http://localhost:${port}${path}`)).text();
}

type Started = { output(): string; ended: Promise<number | null>; stop(): Promise<number | null> };

/** One of the commands of package.json, in that tree. */
function run(tree: string, command: string[], settings: Record<string, string> = {}): Started {
  const child: ChildProcess = spawn(process.execPath, command, {
    cwd: tree,
    env: { ...inherited(), ...settings } as unknown as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk) => {
      output += chunk;
    });
  // A worker that is going away must not leave a server behind.
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  ended.then(() => process.off("exit", end));
  return {
    output: () => output,
    ended,
    stop: () => {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

async function isUp(started: Started, port: string): Promise<void> {
  let code: number | null | undefined;
  started.ended.then((one) => {
    code = one;
  });
  await poll(
    async () => {
      if (code !== undefined) throw new Error(`The start ended with ${code}:\n${started.output()}`);
      return isOpen(`http://localhost:${port}`);
    },
    { what: "the server to answer", within: 150_000 },
  );
}
