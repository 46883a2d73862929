import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fill, press, summary } from "#e2e/fixtures/pages.ts";
import { dispose, freePort, inherited, launchServer, type RunningServer } from "#e2e/fixtures/server.ts";
import { expect, poll, test } from "#e2e/fixtures/test.ts";
import { copyOfTree } from "#e2e/fixtures/tree.ts";

const LOGIN = "app/(pages)/login/page.tsx";

test("an update is built beside the running server, and forms opened before it go on working after", async ({
  browser,
}) => {
  // One build that fails and one that does not.
  test.setTimeout(900_000);
  const tree = copyOfTree();
  const old = await launchServer({}, tree);
  const settings = { PORT: String(await freePort()), DATABASE_URL: `file:${join(tree, "data-of-the-new.db")}` };
  const without = await browser.newPage({ baseURL: old.url, javaScriptEnabled: false });
  try {
    const scripts = await scriptsOf(old, "/login");
    expect(scripts.length).toBeGreaterThan(5);
    await without.goto("/forgot-password");
    const sources = readFileSync(join(tree, LOGIN), "utf8");

    writeFileSync(join(tree, LOGIN), `${sources}\nexport const broken = (;\n`);
    const failed = npmStart(tree, settings);
    expect(await answeredThroughout(old, scripts, failed.ended)).toBe(1);
    expect(failed.output()).toContain(LOGIN);
    expect(failed.output()).toContain("npm start -- --last-build");
    expect(failed.output()).not.toContain("App      http");

    const last = npmStart(tree, settings, "--last-build");
    await isUp(last, settings.PORT);
    expect(await textOf(settings.PORT, "/login")).toContain("<h1>Log in</h1>");
    await last.stop();

    writeFileSync(join(tree, LOGIN), sources.replace("<h1>Log in</h1>", "<h1>Log in anew</h1>"));
    const updated = npmStart(tree, settings);
    await answeredThroughout(old, scripts, isUp(updated, settings.PORT));
    expect(await textOf(settings.PORT, "/login")).toContain("<h1>Log in anew</h1>");
    // A page nobody had opened before the update, with all it needs.
    for (const script of await scriptsOf(old, "/sign-up")) expect((await fetch(script)).status).toBe(200);
    await updated.stop();

    await old.stop();
    const again = npmStart(tree, { ...settings, PORT: new URL(old.url).port });
    await isUp(again, new URL(old.url).port);
    expect(again.output()).not.toContain("Building");
    await fill(without, { "E-mail address": "no address" });
    await press(without, "Send the mail");
    await expect(summary(without)).toContainText("Enter an e-mail address like name@example.com.");
    await expect(without.getByLabel("E-mail address")).toHaveValue("no address");
    await again.stop();
    expect(readdirSync(join(tree, ".builds"), { withFileTypes: true }).filter((one) => one.isDirectory())).toHaveLength(
      3,
    );
  } finally {
    await without.close();
    await dispose(old);
    rmSync(tree, { recursive: true });
  }
});

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
    { what: "the build to end", within: 400_000 },
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

function npmStart(tree: string, settings: Record<string, string>, ...args: string[]): Started {
  const child: ChildProcess = spawn(process.execPath, ["scripts/start.mjs", ...args], {
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
      return (await fetch(`http://localhost:${port}/health/live`).catch(() => undefined))?.ok;
    },
    { what: "the server to answer", within: 400_000 },
  );
}
