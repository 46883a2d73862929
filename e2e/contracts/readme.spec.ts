import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DOCUMENTS, examples, isAsPrinted, settingsInTable } from "#e2e/fixtures/readme.ts";
import { expect, poll, test } from "#e2e/fixtures/test.ts";
import { settingNames } from "#lib/env.ts";

for (const document of DOCUMENTS)
  test(`every line of ${document} that calls the server answers what is printed below it`, async ({ startServer }) => {
    const server = await startServer();
    const shell = openShell();
    const blocks = examples(document);
    expect(blocks.length).toBeGreaterThan(0);
    for (const { script, answer } of blocks) {
      const here = script.replaceAll("http://localhost:3000", server.url);
      const mailed = /^(TOKEN|CODE)=/.exec(here)?.[1];
      if (mailed) {
        const before = shell.run(`echo "$${mailed}"`);
        // Mail is on its way for a moment; a person would look again too.
        await poll(() => ["", before].includes(shell.run(`${here}\necho "$${mailed}"`)) === false, {
          what: `a new ${mailed}`,
        });
        continue;
      }
      const output = shell.run(here);
      expect(isAsPrinted(answer, JSON.parse(output)), `${script}answered ${output}`).toBe(true);
    }
    shell.close();
  });

test("every link from one document to another leads to one that is there", () => {
  const documents = [...DOCUMENTS, "CONTRIBUTING.md", "docs/performance.md", "docs/decisions/README.md"];
  const dead = documents.flatMap((document) =>
    [...readFileSync(document, "utf8").matchAll(/\]\((?!https?:)([^)#]+)/g)].flatMap(([, to = ""]) =>
      existsSync(join(dirname(document), to)) ? [] : [`${document} -> ${to}`],
    ),
  );
  expect(dead).toEqual([]);
});

test("the table of settings in README.md and the code name the same ones", () => {
  expect(settingsInTable().toSorted()).toEqual(settingNames.toSorted());
});

test("everything the map in README.md names is there", () => {
  const map = /## Where things are\n\n```\n(.*?)```/s.exec(readFileSync("README.md", "utf8"))?.[1] ?? "";
  const paths = map.split("\n").flatMap((line) => line.split(" ")[0] || []);
  expect(paths.length).toBeGreaterThan(10);
  for (const path of paths) expect(existsSync(path), path).toBe(true);
});

/** A shell whose variables last from one block to the next, as in a person's own. */
function openShell() {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-shell-"));
  const memory = join(folder, "variables");
  writeFileSync(memory, "");
  return {
    run(script: string): string {
      const whole = `. ${memory}\n${script}\ndeclare -p TOKEN CODE PAIR REFRESH ACCESS > ${memory} 2>/dev/null; true`;
      const { stdout } = spawnSync("bash", ["-c", whole], { encoding: "utf8" });
      return stdout.trim();
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}
