import { existsSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { explained } from "./damage.ts";
import { install } from "./install.ts";

const isDev = process.argv.includes("--dev");

process.env.NEXT_TELEMETRY_DISABLED = "1";
Object.assign(process.env, { NODE_ENV: isDev ? "development" : "production" });
// Settings may stand in a file; those of the environment win. Next would read it too, but only after our own settings are.
if (existsSync(".env")) process.loadEnvFile(".env");

await install();
// What Node compiled at the last start is read back at this one; it lies where an installation clears it away.
enableCompileCache("node_modules/.cache/node");
try {
  const { preflight } = await import("./preflight.ts");
  await preflight();
  if (!isDev) await makeBuild();
  await import("./quick-imports.ts");
  await import("../server.ts");
} catch (error) {
  throw explained(error);
}

/** With `--last-build` the last good one starts, whatever the sources are by now: for when they do not build. */
async function makeBuild(): Promise<void> {
  const [{ build }, { currentBuild }] = await Promise.all([import("./build.ts"), import("#lib/server/builds.ts")]);
  if (!process.argv.includes("--last-build")) await build();
  else if (!currentBuild()) throw new Error("There is no build yet: run npm start without --last-build.");
}
