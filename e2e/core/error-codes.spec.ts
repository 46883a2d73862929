import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "#e2e/fixtures/test.ts";

/** What refuses to compile until it has words for a code of the core. */
const DOORS = [
  "lib/pages/messages.ts",
  "app/api/(flat)/contract.ts",
  "app/api/auth/contract.ts",
  "app/api/users/contract.ts",
];

test("a code that the core is refused with, and that some door has no words for, does not compile", () => {
  const tree = mkdtempSync(join(tmpdir(), "latchkey-codes-"));
  for (const part of ["app", "components", "db", "lib", "package.json", "tsconfig.json"])
    cpSync(part, join(tree, part), { recursive: true });
  symlinkSync(join(process.cwd(), "node_modules"), join(tree, "node_modules"));
  writeFileSync(join(tree, "tsconfig.doors.json"), JSON.stringify({ extends: "./tsconfig.json", include: DOORS }));
  const flags = "--noEmit --pretty false --incremental false -p tsconfig.doors.json".split(" ");
  const tsc = [join(tree, "node_modules/typescript/bin/tsc"), ...flags];
  const compile = () => spawnSync(process.execPath, tsc, { cwd: tree, encoding: "utf8" }).stdout;

  expect(compile(), "as it is").toBe("");
  const codes = join(tree, "lib/auth/errors.ts");
  writeFileSync(codes, readFileSync(codes, "utf8").replace('| "busy"', '| "busy" | "probe_of_a_new_code"'));
  const complaints = compile().split("\n");
  for (const door of DOORS)
    expect(
      complaints.some((line) => line.startsWith(door) && line.includes("probe_of_a_new_code")),
      `${door} in:\n${complaints.join("\n")}`,
    ).toBe(true);
  rmSync(tree, { recursive: true });
});
