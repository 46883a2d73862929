/** `npm test`: installs, builds, finds a browser, checks types and style, runs every test. Plain JavaScript: see start.mjs. */
import { onRightNode } from "./runtime.mjs";

onRightNode(() => import("./test.ts"));
