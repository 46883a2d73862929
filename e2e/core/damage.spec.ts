import { spawnSync } from "node:child_process";
import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { freePort, inherited } from "#e2e/fixtures/server.ts";
import { expect, test } from "#e2e/fixtures/test.ts";
import { copyOfTree } from "#e2e/fixtures/tree.ts";

test("an installation that lacks a file is said to be damaged, at once, whether it starts or builds", async () => {
  const tree = copyOfTree();
  rmSync(join(tree, "node_modules/next/dist/server/next.js"));
  const sentence =
    "The installation is damaged: next lacks dist/server/next.js. Remove node_modules and run this again.";
  const start = async () => {
    const env = { ...inherited(), PORT: String(await freePort()), DATABASE_URL: `file:${join(tree, "latchkey.db")}` };
    return spawnSync(process.execPath, ["scripts/start.mjs"], {
      cwd: tree,
      env: env as unknown as NodeJS.ProcessEnv,
      encoding: "utf8",
    });
  };
  const started = await start();
  expect(started.stderr.trim()).toBe(sentence);
  expect(started.status).toBe(1);

  appendFileSync(join(tree, "lib/env.ts"), "\n// Changed.\n");
  const built = await start();
  expect(built.stderr.trim()).toBe(sentence);
  expect(built.stdout).not.toContain("Building");
  rmSync(tree, { recursive: true });
});
