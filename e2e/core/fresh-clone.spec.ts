import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import type { Page } from "playwright/test";
import { fill, heading, press } from "#e2e/fixtures/pages.ts";
import { freePort, inherited } from "#e2e/fixtures/server.ts";
import { expect, person, poll, test } from "#e2e/fixtures/test.ts";

test("from a fresh clone to a verified account, with no key, no Docker and no file edited", async ({ browser }) => {
  // It installs and builds everything a second time; its line in the report tells how long it took.
  test.setTimeout(300_000);
  const clone = freshClone();
  const started = await npmStart(clone);
  try {
    // As a person at the machine has it: without the client address that tests give themselves.
    const page = await browser.newPage({ baseURL: started.url, extraHTTPHeaders: {} });
    await signUpAndConfirm(page);
    await page.close();
  } finally {
    expect(await started.stop()).toBe(0);
    rmSync(clone, { recursive: true });
  }
});

async function signUpAndConfirm(page: Page): Promise<void> {
  const who = person();
  await page.goto("/");
  await page.getByRole("link", { name: "Create an account" }).first().click();
  await fill(page, { "E-mail address": who.email, Password: who.password });
  await press(page, "Create account");
  await page.getByRole("link", { name: "Read it here." }).click();
  await page.getByRole("link", { name: /^Confirm/ }).click();
  await page.getByRole("link", { name: "Open the mailed link" }).click();
  await press(page, "Confirm this address");
  await expect(heading(page, "Your account")).toBeVisible();
  await expect(page.getByText(who.email)).toBeVisible();
}

/** The tree as a clone brings it: nothing that was installed, built or written here. */
function freshClone(): string {
  const made = new Set(["node_modules", ".next", ".builds", ".git", "data", "test-results", ".env"]);
  const folder = mkdtempSync(join(tmpdir(), "latchkey-clone-"));
  cpSync(".", folder, { recursive: true, filter: (path) => !made.has(basename(path)) });
  return folder;
}

/** `npm start` as a person types it, on the machine's own Node, with nothing set but a free port. */
async function npmStart(folder: string) {
  const port = await freePort();
  const { PATH = "", ...rest } = inherited();
  const own = PATH.split(delimiter).filter((one) => !one.includes("node_modules"));
  const env = { ...rest, PATH: own.join(delimiter), PORT: String(port) } as unknown as NodeJS.ProcessEnv;
  const child = spawn("npm", ["start"], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      output += chunk;
    });
  // A worker that is going away must not leave a server behind.
  const killAll = () => process.kill(-(child.pid ?? 0), "SIGKILL");
  process.once("exit", killAll);
  let code: number | null | undefined;
  const ended = new Promise<number | null>((resolve) =>
    child.on("close", (status) => {
      code = status;
      process.off("exit", killAll);
      resolve(status);
    }),
  );
  const url = `http://localhost:${port}`;
  await poll(
    async () => {
      if (code !== undefined) throw new Error(`npm start ended with ${code}:\n${output}`);
      return output.includes(url);
    },
    { what: "the map that npm start prints", within: 240_000 },
  );
  return {
    url,
    stop: () => {
      child.kill("SIGTERM");
      return ended;
    },
  };
}
