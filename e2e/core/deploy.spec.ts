import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "#e2e/fixtures/test.ts";

const read = (file: string): string => readFileSync(file, "utf8");
const { scripts } = JSON.parse(read("package.json")) as { scripts: { start: string } };

test("a container and a service tell V8 and the C library what npm start does", () => {
  const words = scripts.start.match(/--[\w-]+(=\d+)?(?=.* scripts)|MALLOC\w+=\d+/g) ?? [];
  expect(words.length).toBeGreaterThan(5);
  for (const file of ["Dockerfile", "deploy/latchkey.service"])
    for (const word of words) expect(read(file), file).toContain(word);
});

test("all that the container takes from the tree is there, and neither its data nor its settings go into it", () => {
  const copied = [...read("Dockerfile").matchAll(/^COPY (?:--from=build )?(.+) \S+$/gm)].flatMap(([, names]) =>
    (names ?? "").split(" ").map((name) => name.replace(/^\/app\//, "")),
  );
  expect(copied).toContain("server.ts");
  for (const name of copied) if (name !== ".builds") expect(existsSync(name), name).toBe(true);
  for (const kept of ["data", ".env*", ".git"]) expect(read(".dockerignore").split("\n")).toContain(kept);
});

test("systemd finds nothing wrong with the service, and little that is exposed", () => {
  test.skip(spawnSync("systemd-analyze", ["--version"]).status !== 0, "needs systemd-analyze");
  const folder = mkdtempSync(join(tmpdir(), "latchkey-unit-"));
  const unit = join(folder, "latchkey.service");
  // It looks whether the folder is there.
  writeFileSync(unit, read("deploy/latchkey.service").replaceAll("=/srv/latchkey", `=${resolve(".")}`));
  const verified = spawnSync("systemd-analyze", ["verify", unit], { encoding: "utf8" });
  expect(verified.stderr).not.toContain("latchkey.service:");
  expect(verified.status).toBe(0);
  const { stdout } = spawnSync("systemd-analyze", ["security", "--offline=yes", "--threshold=20", unit], {
    encoding: "utf8",
  });
  expect(Number(stdout.match(/exposure level for latchkey\.service: ([\d.]+)/)?.[1])).toBeLessThan(2);
  rmSync(folder, { recursive: true });
});
