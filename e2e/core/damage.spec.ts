import { spawnSync } from "node:child_process";
import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { freePort, inherited } from "#e2e/fixtures/server.ts";
import { expect, test } from "#e2e/fixtures/test.ts";
import { copyOfTree } from "#e2e/fixtures/tree.ts";

const START = ["scripts/start.mjs"];
const BUILD = ["scripts/with-node.mjs", "scripts/build-beside.ts"];

test("an installation that lacks a file is said to be damaged, at once, whether it starts or builds", async () => {
  const tree = copyOfTree();
  rmSync(join(tree, "node_modules/better-sqlite3/prebuilds"), { recursive: true });
  expect(await outcomeOf(tree, START)).toEqual(damaged("better-sqlite3", "prebuilds"));

  // What the list names first is what is said.
  rmSync(join(tree, "node_modules/@types/node/fs.d.ts"));
  appendFileSync(join(tree, "lib/env.ts"), "\n// Changed.\n");
  for (const command of [START, BUILD])
    expect(await outcomeOf(tree, command)).toEqual(damaged("@types/node", "fs.d.ts"));
  rmSync(tree, { recursive: true });
});

function damaged(name: string, file: string) {
  const stderr = `The installation is damaged: ${name} lacks ${file}. Remove node_modules and run this again.`;
  return { status: 1, stdout: "", stderr };
}

async function outcomeOf(tree: string, command: string[]) {
  const env = { ...inherited(), PORT: String(await freePort()), DATABASE_URL: `file:${join(tree, "latchkey.db")}` };
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: tree,
    env: env as unknown as NodeJS.ProcessEnv,
    encoding: "utf8",
  });
  return { status, stdout: stdout.trim(), stderr: stderr.trim() };
}
