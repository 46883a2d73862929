import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { freePort, inherited } from "#e2e/fixtures/server.ts";
import { expect, test } from "#e2e/fixtures/test.ts";
import { findBrowser } from "../../scripts/browser.ts";

test("without any browser, Debian's is installed where root and apt-get are there", async () => {
  test.skip(process.getuid?.() !== 0, "only root may install packages");
  const folder = emptyFolder();
  const real = await findBrowser();
  // In Debian's place: writes down what it was asked for, and has the real browser there after that.
  program(
    join(folder, "apt-get"),
    `echo "$DEBIAN_FRONTEND $*" >> ${folder}/asked
    [ "$1" = update ] && exit
    printf '#!/bin/sh\\nPATH=/usr/bin:/bin exec ${real} "$@"\\n' > ${folder}/chromium
    /bin/chmod +x ${folder}/chromium`,
  );
  const { stdout } = onBareMachine(folder, [
    "--input-type=module",
    "--eval",
    `console.log("found " + await (await import("./scripts/browser.ts")).findBrowser())`,
  ]);
  expect(stdout).toContain(`found ${folder}/chromium`);
  expect(readFileSync(join(folder, "asked"), "utf8")).toBe(
    "noninteractive update -qq\nnoninteractive install -y -qq --no-install-recommends chromium\n",
  );
  rmSync(folder, { recursive: true });
});

test("where no browser can be had, one sentence says so and the count stands last", () => {
  const folder = emptyFolder();
  const { status, stdout, stderr } = onBareMachine(folder, ["scripts/test.mjs", "no-such-test"]);
  expect(status).toBe(1);
  expect(stdout).toContain("The tests need a Chromium: install one");
  expect(stdout.trimEnd().split("\n").at(-1)).toBe("0 passed, 1 failed");
  expect(stderr).not.toContain("    at ");
  rmSync(folder, { recursive: true });
});

test("the count is the last line of .ci/run even when npm test ended before it had one", () => {
  const folder = emptyFolder();
  program(join(folder, "npm"), "echo 'npm error: not today' >&2; echo; exit 3");
  const PATH = [folder, process.env.PATH].join(delimiter);
  const { status, stdout } = spawnSync(".ci/run", { encoding: "utf8", env: bare({ PATH }) });
  expect(stdout).toBe("npm error: not today\n\n0 passed, 1 failed\n");
  expect(status).toBe(3);
  rmSync(folder, { recursive: true });
});

test("a fresh clone says soon that the registry cannot be reached, and at which step", async () => {
  const clone = emptyFolder();
  cpSync("scripts", join(clone, "scripts"), { recursive: true });
  mkdirSync(join(clone, "runtime"));
  for (const file of [
    "package.json",
    "package-lock.json",
    ".npmrc",
    "runtime/package.json",
    "runtime/package-lock.json",
  ])
    cpSync(file, join(clone, file));
  const env = bare({
    PATH: process.env.PATH,
    npm_config_registry: `http://127.0.0.1:${await freePort()}/`,
    npm_config_cache: join(clone, "cache"),
  });
  const start = (...args: string[]) => {
    const began = performance.now();
    const { status, stdout, stderr } = spawnSync(process.execPath, [...args, "scripts/start.mjs"], {
      cwd: clone,
      env,
      encoding: "utf8",
    });
    expect(status).toBe(1);
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(stdout).not.toContain("    at ");
    return stderr.trim();
  };
  expect(start()).toBe("The dependencies cannot be installed: the npm registry cannot be reached: ECONNREFUSED.");
  const disguise = `Object.defineProperty(process.versions, "node", { value: "20.19.4" })`;
  const said = start("--import", `data:text/javascript,${encodeURIComponent(disguise)}`);
  expect(said).toMatch(
    /^Latchkey needs Node\.js .* and fetching \S+ from the npm registry did not work \(the npm registry cannot be reached: ECONNREFUSED\)\.$/,
  );
  expect(existsSync(join(clone, "node_modules"))).toBe(false);
  rmSync(clone, { recursive: true });
});

const emptyFolder = (): string => mkdtempSync(join(tmpdir(), "latchkey-bare-"));

function program(path: string, script: string): void {
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

/** Runs Node in this tree where only `folder` is on the PATH and Playwright has no browser and no network. */
function onBareMachine(folder: string, args: string[]) {
  const env = bare({
    PATH: folder,
    PLAYWRIGHT_BROWSERS_PATH: join(folder, "browsers"),
    PLAYWRIGHT_DOWNLOAD_HOST: "http://127.0.0.1:9",
  });
  return spawnSync(process.execPath, args, { encoding: "utf8", env });
}

const bare = (settings: Record<string, string | undefined>): NodeJS.ProcessEnv =>
  ({ ...inherited(), ...settings }) as unknown as NodeJS.ProcessEnv;
