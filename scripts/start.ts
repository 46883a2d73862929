import { existsSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { install } from "./install.ts";

const isDev = process.argv.includes("--dev");

process.env.NEXT_TELEMETRY_DISABLED = "1";
Object.assign(process.env, { NODE_ENV: isDev ? "development" : "production" });
// Settings may stand in a file; those of the environment win. Next would read it too, but only after our own settings are.
if (existsSync(".env")) process.loadEnvFile(".env");

await install();
// What Node compiled at the last start is read back at this one; it lies where an installation clears it away.
enableCompileCache("node_modules/.cache/node");
const { preflight } = await import("./preflight.ts");
await preflight();
if (!isDev) {
  const { build } = await import("./build.ts");
  await build();
}
await import("../server.ts");
