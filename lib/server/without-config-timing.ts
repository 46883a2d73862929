import { stripVTControlCharacters } from "node:util";

/**
 * Starts Next without its line about how long next.config.mjs took. `quiet` does not reach that line: where a server of our
 * own stands round it, Next reads its settings as aloud as `next start` does. Warnings about these settings come through.
 */
export async function withoutConfigTiming(start: () => Promise<void>): Promise<void> {
  const { log } = console;
  const filtered = (...said: unknown[]) => {
    if (!CONFIG_TIMING.test(stripVTControlCharacters(said.join(" ")))) log(...said);
  };
  console.log = filtered;
  try {
    await start();
  } finally {
    // Next in development puts a log of its own in this place, and shall keep it.
    if (console.log === filtered) console.log = log;
  }
}

const CONFIG_TIMING = /Running next\.config\S* took /;
