import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";

/** What an installation brought, a file a line. npm clears it away with the rest when it installs anew. */
const LIST = "node_modules/.latchkey-files";

/** Writes down which files lie in node_modules, right after an installation. */
export function listInstalled(): void {
  writeFileSync(LIST, filesInstalled().join("\n"));
}

/**
 * Throws one sentence when an installed file is gone. Otherwise a build would fail after a minute, or a start would name
 * some module, and neither tells anybody what to do.
 */
export function refuseDamaged(): void {
  // Installed by another npm than ours: what is there now is all there is to compare with, later.
  if (!existsSync(LIST)) listInstalled();
  const there = new Set(filesInstalled());
  const gone = readFileSync(LIST, "utf8")
    .split("\n")
    .find((file) => !there.has(file));
  if (gone === undefined) return;
  const [name, rest] = packageOf(gone);
  throw new Error(`The installation is damaged: ${name} lacks ${rest}. Remove node_modules and run this again.`);
}

/**
 * What to tell a person for whom a command ended in this error: that some module is not found, or that some token was not
 * expected, tells nobody what to do.
 */
export function explained(error: unknown): Error {
  const { code, message, stack = "" } = error as NodeJS.ErrnoException;
  if (/MODULE_NOT_FOUND/.test(String(code))) {
    try {
      refuseDamaged();
    } catch (damage) {
      return damage as Error;
    }
  }
  // Node puts the file and the line in front of the stack and nowhere else.
  const [, file] = /^file:\/\/(\S+:\d+)\n/.exec(stack) ?? [];
  if (!(error instanceof SyntaxError) || !file) return error as Error;
  const where = relative(process.cwd(), decodeURI(file));
  return new Error(`The sources do not load: ${where}: ${message}.
  A running server goes on. The builds of the last sources are kept: checked out again, they start at once.`);
}

function filesInstalled(): string[] {
  // A dot at the front: caches and notes, which come and go.
  return (readdirSync("node_modules", { recursive: true }) as string[]).filter((file) => !file.startsWith(".")).sort();
}

function packageOf(file: string): [name: string, rest: string] {
  const parts = file.replaceAll("\\", "/").split("/");
  const ownParts = parts[0]?.startsWith("@") ? 2 : 1;
  return [parts.slice(0, ownParts).join("/"), parts.slice(ownParts).join("/") || "all its files"];
}
