/**
 * `node scripts/with-node.mjs <script> [arguments]` runs one of the project's scripts on the right Node with its
 * dependencies installed, on a machine where nothing was set up yet.
 */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { onRightNode } from "./runtime.mjs";

onRightNode(async () => {
  const { install } = await import("./install.ts");
  const { explained } = await import("./damage.ts");
  await install();
  process.argv.splice(1, 1);
  const script = resolve(process.argv[1]);
  process.argv[1] = script;
  try {
    await import(pathToFileURL(script).href);
  } catch (error) {
    throw explained(error);
  }
});
