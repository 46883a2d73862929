import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "#e2e/fixtures/test.ts";

/** Codes and the sentences for them: what does not fit together does not compile, and the compiler names code and file. */

const MISTAKES = [
  {
    what: "a code of the core that the pages have no words for, or the API description no meaning",
    file: "lib/auth/errors.ts",
    from: '| "busy"',
    to: '| "busy" | "probe_of_a_code"',
    complaint: [
      /^lib\/pages\/messages\.ts.*probe_of_a_code/m,
      /^lib\/contracts\/openapi\/meanings\.ts.*probe_of_a_code/m,
    ],
  },
  {
    what: "an endpoint that is refused with a code its contract has no words for",
    file: "app/api/auth/me/route.ts",
    from: "errors: AUTHENTICATE_REFUSALS",
    to: 'errors: [...AUTHENTICATE_REFUSALS, "token_inert"]',
    complaint: [/^app\/api\/auth\/me\/route\.ts.*token_inert/m],
  },
  {
    what: "a new code of a use-case that the contracts with an endpoint for it have no words for",
    file: "lib/auth/factors/password/log-in.ts",
    from: "LOG_IN_REFUSALS = refusals(",
    to: 'LOG_IN_REFUSALS = refusals("last_way_in", ',
    complaint: [
      /^app\/api\/auth\/login\/route\.ts.*last_way_in/m,
      /^app\/api\/users\/login\/route\.ts.*last_way_in/m,
      /^app\/api\/\(flat\)\/user_login\/route\.ts.*last_way_in/m,
    ],
  },
  {
    what: "words that no endpoint of the contract can say",
    file: "app/api/auth/contract.ts",
    from: "  session_invalid: expired,",
    to: "  session_invalid: expired,\n  token_inert: expired,",
    complaint: [/^app\/api\/endpoints\.ts[\s\S]*token_inert/m],
  },
];

test("codes and sentences that do not fit together do not compile", () => {
  const tree = mkdtempSync(join(tmpdir(), "latchkey-codes-"));
  for (const part of ["app", "components", "db", "lib", "package.json", "tsconfig.json"])
    cpSync(part, join(tree, part), { recursive: true });
  symlinkSync(join(process.cwd(), "node_modules"), join(tree, "node_modules"));
  const include = ["app/api/**/*.ts", "lib/pages/messages.ts"];
  writeFileSync(join(tree, "tsconfig.codes.json"), JSON.stringify({ extends: "./tsconfig.json", include }));
  const flags = "--noEmit --pretty false --incremental false -p tsconfig.codes.json".split(" ");
  const tsc = [join(tree, "node_modules/typescript/bin/tsc"), ...flags];
  const compile = () => spawnSync(process.execPath, tsc, { cwd: tree, encoding: "utf8" }).stdout;

  expect(compile(), "as it is").toBe("");
  for (const { what, file, from, to, complaint } of MISTAKES) {
    const right = readFileSync(join(tree, file), "utf8");
    expect(right, `${file} has what is to be replaced`).toContain(from);
    writeFileSync(join(tree, file), right.replace(from, to));
    const said = compile();
    for (const one of complaint) expect(said, what).toMatch(one);
    writeFileSync(join(tree, file), right);
  }
  rmSync(tree, { recursive: true });
});
