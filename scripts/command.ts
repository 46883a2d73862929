import { type ParseArgsConfig, parseArgs } from "node:util";
import { env } from "#lib/env.ts";

/** What ends a command with this sentence and nothing else. */
class Sentence extends Error {}
export const sentence = (text: string): Error => new Sentence(`${text}.`);

type Options = NonNullable<ParseArgsConfig["options"]>;
type Values<O extends Options> = { [K in keyof O]?: (O[K]["type"] extends "boolean" ? boolean : string) | undefined };

/** Runs a command with what stands on its line. Whatever goes wrong is said in words, with exit code 1. */
export async function runAsCommand<O extends Options>(
  options: O,
  work: (values: Values<O>, named: string[]) => Promise<void>,
): Promise<void> {
  try {
    // What a command makes holds people's passwords, or the secret: it is for this user's eyes, as what the server makes.
    process.umask(0o077);
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    env();
    await work(values as Values<O>, positionals);
  } catch (error) {
    console.error(`\n  ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
