import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "#e2e/fixtures/test.ts";
import { sourceFiles } from "#e2e/fixtures/tree.ts";

/**
 * The rooms of the house from the bottom up, and what each may import beside itself. CONTRIBUTING.md shows them as a
 * picture. `lib/*.ts` are what may be used from anywhere.
 */
const ROOMS: Record<string, readonly string[]> = {
  "lib/*": [],
  db: ["lib/*"],
  "lib/auth": ["db", "lib/*"],
  "lib/aws": ["lib/auth", "lib/*"],
  "lib/mail": ["lib/auth", "db", "lib/*"],
  "lib/webhooks": ["lib/auth", "db", "lib/*"],
  "lib/contracts": ["lib/mail", "lib/auth", "lib/*"],
  "lib/pages": ["lib/mail", "lib/webhooks", "lib/auth", "lib/*"],
  components: ["lib/pages", "lib/mail", "lib/webhooks", "lib/auth", "lib/*"],
  app: ["components", "lib/pages", "lib/contracts", "lib/mail", "lib/webhooks", "lib/aws", "lib/auth", "lib/*"],
  // The health of the process is asked of the process.
  "app/health": ["lib/server", "lib/*"],
  "lib/server": ["lib/contracts", "lib/pages", "lib/mail", "lib/webhooks", "lib/auth", "db", "lib/*"],
};

/** Where each file of the product and what it imports, of this tree, as paths from its root. */
const imports = sourceFiles(/^(app|components|db|lib)\/.*\.tsx?$/).flatMap((file) =>
  [...readFileSync(file, "utf8").matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(([, name = ""]) => ({
    file,
    name,
    to: name.startsWith("#") ? name.slice(1) : name.startsWith(".") ? normalize(join(dirname(file), name)) : undefined,
  })),
);

test("every arrow points down", () => {
  const upwards = imports.flatMap(({ file, to }) => {
    if (!to?.includes("/")) return [];
    const [from, target] = [roomOf(file), roomOf(to)];
    return from === target || ROOMS[from]?.includes(target) ? [] : [`${file} -> ${to}`];
  });
  expect(upwards).toEqual([]);
  // A room that was renamed would otherwise be looked at no more.
  expect(new Set(imports.map(({ file }) => roomOf(file)))).toEqual(new Set(Object.keys(ROOMS)));
});

test("the core and the store know nothing of the framework round them", () => {
  const framed = imports.filter(
    ({ file, name }) =>
      /^(db|lib\/(auth|aws|mail|webhooks|contracts|[^/]+\.ts))/.test(file) && /^(next|react-dom)(\/|$)/.test(name),
  );
  expect(framed.map(({ file, name }) => `${file} -> ${name}`)).toEqual([]);
});

test("what exists once in a process is made in one place", () => {
  const others = sourceFiles(/^(app|components|db|lib)\/.*\.tsx?$|^[^/]+\.ts$/).filter(
    (file) => file !== "lib/once.ts" && /globalThis as/.test(readFileSync(file, "utf8")),
  );
  expect(others).toEqual([]);
});

test("the core is handed a door and names none", () => {
  const naming = sourceFiles(/^(db|lib\/auth)\/.*\.tsx?$/).filter((file) =>
    /\bDOORS\b/.test(readFileSync(file, "utf8")),
  );
  expect(naming).toEqual([]);
});

test("whether accounts are hidden is asked in one place", () => {
  const asking = sourceFiles(/^(app|components|db|lib)\/.*\.tsx?$/).filter((file) =>
    /\.HIDE_ACCOUNTS\b/.test(readFileSync(file, "utf8")),
  );
  expect(asking).toEqual(["lib/contracts/hidden-accounts.ts"]);
});

test("what a mailed link's token is called is known in one place", () => {
  // A contract's own field of that name is its document's.
  const knowing = sourceFiles(/^(components|db|lib|app\/(?!api))\/.*\.tsx?$/).filter((file) =>
    /authToken/.test(readFileSync(file, "utf8")),
  );
  expect(knowing).toEqual(["lib/contracts/examples.ts", "lib/mail/mailed-link.ts", "lib/server/warm-up.ts"]);
});

function roomOf(file: string): string {
  if (/^lib\/[^/]+$/.test(file)) return "lib/*";
  const rooms = Object.keys(ROOMS).filter((room) => file.startsWith(`${room}/`));
  return rooms.sort((a, b) => b.length - a.length)[0] ?? file;
}
