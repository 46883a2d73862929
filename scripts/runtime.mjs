/**
 * The Node.js this project runs on. Whatever `npm` was started with, the rest of the project sees one that strips types and
 * on which better-sqlite3 does not crash. Everything in this file is syntax that Node 12 reads: it is what runs there.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const shelf = join(root, "runtime");

/** What a person is told when there is no way on. */
export const NODE_NEEDED = "Node.js 22.18 or newer (24 is best)";

/**
 * Calls `go` when this Node will do; otherwise fetches one that does and runs the same command on it. Where there is none,
 * says in one sentence what is needed and exits with 1.
 * @param {() => Promise<unknown>} go
 */
export function onRightNode(go) {
  process.chdir(root);
  if (isGoodNode(process.versions.node)) {
    go().catch(giveUp);
    return;
  }
  const found = fetchNode();
  if (found.problem) giveUp(new Error(found.problem));
  else runAgainOn(found.node);
}

/**
 * Whether the project runs on this version: types are stripped from 22.18 and 23.6 on, and better-sqlite3 13 ends with a
 * segmentation fault before 22.14.
 * @param {string} version like "20.19.4"
 * @returns {boolean}
 */
export function isGoodNode(version) {
  const parts = version.split(".").map(Number);
  const major = parts[0];
  const minor = parts[1];
  if (major === 22) return minor >= 18;
  if (major === 23) return minor >= 6;
  return major >= 24;
}

/**
 * The sentence for a machine on which the project cannot run.
 * @param {string} version this Node's
 * @param {string} reason why no better one could be had
 * @returns {string}
 */
export function nodeProblem(version, reason) {
  return `Latchkey needs ${NODE_NEEDED}; this is Node.js ${version}, and ${reason}.`;
}

/**
 * A Node that will do, from runtime/, installed there if it was not.
 * @returns {{ node?: string, problem?: string }}
 */
function fetchNode() {
  const name = `node-${process.platform}-${process.arch}`;
  const wanted = readJson(join(shelf, "package.json")).optionalDependencies[name];
  const sorry = (reason) => ({ problem: nodeProblem(process.versions.node, reason) });
  if (!wanted) return sorry(`there is no ready-made one to fetch for ${process.platform} on ${process.arch}`);

  const home = join(shelf, "node_modules", name);
  const node = join(home, "bin", "node");
  const isThere = () => existsSync(node) && readJson(join(home, "package.json")).version === wanted;
  if (!isThere()) {
    process.stdout.write(
      `  Node.js ${process.versions.node} is too old here; fetching ${wanted} from the npm registry, once\n`,
    );
    const unreachable = registryProblem();
    // `npm start` sets npm_config_* for its own run; only the arguments below shall decide where this one installs.
    const done = runNpm(
      ["ci", "--prefix", shelf, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"].concat(
        unreachable ? "--offline" : [],
      ),
      shelf,
    );
    if (!isThere()) {
      const why = done.error ? "npm was not found" : unreachable || lastLine(done.stderr) || "it did not arrive";
      return sorry(`fetching ${wanted} from the npm registry did not work (${why})`);
    }
  }
  // A binary made for another C library (Alpine's, say) is there and does not run.
  const answer = spawnSync(node, ["--version"], { encoding: "utf8" });
  if (answer.status !== 0) return sorry(`the one fetched from the npm registry does not run on this system`);
  return { node };
}

/**
 * How to call the npm that runs us, or else the one on PATH.
 * @returns {{ command: string, first: string[] }}
 */
export function npmCommand() {
  const script = process.env.npm_execpath;
  if (script && /npm-cli\.js$/.test(script) && existsSync(script))
    return { command: process.execPath, first: [script] };
  return { command: process.platform === "win32" ? "npm.cmd" : "npm", first: [] };
}

/**
 * Why the npm registry cannot be reached, found out within ten seconds; empty where it answers, whatever it says. Its
 * address is not named: it may hold a password.
 * @returns {string}
 */
export function registryProblem() {
  const asked = runNpm(["ping", "--fetch-retries=0", "--fetch-timeout=10000", "--loglevel=error"], root);
  const code = /npm (?:error|ERR!) code (E\S+)/.exec(asked.stderr || "");
  if (asked.status === 0 || !code || !UNREACHABLE.test(code[1])) return "";
  return `the npm registry cannot be reached: ${code[1]}`;
}

/** What npm calls it when no answer comes at all. An answer it does not like has another code: E404, say. */
const UNREACHABLE = /^E(CONN|NOTFOUND|AI_|TIMEDOUT|HOST|NET)|TIMEOUT/;

/**
 * @param {string[]} args
 * @param {string} cwd
 */
function runNpm(args, cwd) {
  const npm = npmCommand();
  return spawnSync(npm.command, npm.first.concat(args), { cwd, stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" });
}

/** @param {string} node */
function runAgainOn(node) {
  const env = Object.assign({}, process.env, {
    PATH: dirname(node) + delimiter + process.env.PATH,
    NODE: node,
    npm_node_execpath: node,
  });
  const child = spawn(node, process.execArgv.concat(process.argv.slice(1)), { stdio: "inherit", env });
  // Ctrl-C reaches the child by itself, a signal sent to this process only does not: pass each on, and outlive the child.
  const signals = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
  signals.forEach((signal) => {
    process.on(signal, () => child.kill(signal));
  });
  child.on("exit", (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else process.exit(code === null ? 1 : code);
  });
}

/** @param {unknown} error */
function giveUp(error) {
  process.stderr.write(`\n  ${error instanceof Error ? error.message : String(error)}\n\n`);
  process.exit(1);
}

/** @param {string} file */
function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** @param {string | null} text */
function lastLine(text) {
  const lines = (text || "")
    .split("\n")
    .filter((line) => /npm (error|ERR!) \S/.test(line) && !/complete log/.test(line));
  return lines.length === 0 ? "" : lines[0].replace(/^npm (error|ERR!) /, "");
}
