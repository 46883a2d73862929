import { spawn } from "node:child_process";
import { npmCommand } from "./runtime.mjs";

/** A command of a step: what runs, with which arguments. */
export type Command = { command: string; args: string[]; env?: Record<string, string>; cwd?: string };

/** How a command ended and all it printed. */
export type Ended = { ok: boolean; output: string };

/** The npm that runs us, with these arguments. */
export function npm(...args: string[]): Command {
  const { command, first } = npmCommand();
  return { command, args: [...first, ...args] };
}

/** A program of node_modules by its script, run on this Node. */
export function program(script: string, ...args: string[]): Command {
  return { command: process.execPath, args: [`node_modules/${script}`, ...args] };
}

/** Runs a command with its output kept back: a step is one line, unless it fails. */
export function run({ command, args, env, cwd }: Command): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
      ...(cwd ? { cwd } : {}),
    });
    const stop = endWithUs(child.kill.bind(child));
    let output = "";
    const keep = (chunk: string) => {
      output += chunk;
    };
    child.stdout.setEncoding("utf8").on("data", keep);
    child.stderr.setEncoding("utf8").on("data", keep);
    child.on("error", (error) => {
      stop();
      resolve({ ok: false, output: `${output}${error.message}\n` });
    });
    child.on("close", (code) => {
      stop();
      resolve({ ok: code === 0, output });
    });
  });
}

/** Runs a command that speaks for itself. Resolves with its exit code. */
export function runAloud({ command, args, env }: Command): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, ...env } });
    const stop = endWithUs(child.kill.bind(child));
    child.on("error", () => resolve(1));
    child.on("exit", (code) => {
      stop();
      resolve(code ?? 1);
    });
  });
}

// A signal sent to this process alone must not leave its child at work behind it.
function endWithUs(kill: (signal: NodeJS.Signals) => boolean): () => void {
  const end = (signal: NodeJS.Signals) => {
    kill(signal);
    process.exit(signal === "SIGINT" ? 130 : 143);
  };
  process.once("SIGINT", end).once("SIGTERM", end);
  return () => {
    process.off("SIGINT", end).off("SIGTERM", end);
  };
}

/** One line for a step that takes a while: what it does, then how long it took. Throws with the output when it fails. */
export async function step(what: string, command: Command): Promise<void> {
  const began = performance.now();
  process.stdout.write(`  ${what} ...`);
  const { ok, output } = await run(command);
  if (!ok) {
    process.stdout.write(" failed\n");
    throw new Error(`${output.trim()}\n\n  ${what} failed. Its output is above.`);
  }
  process.stdout.write(` ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
}
