/**
 * `npm start`, and `npm run dev` with --dev: whatever is missing is installed and built, then the server runs in this very
 * process. Plain JavaScript, like runtime.mjs, so that a Node too old for the rest still reads it and says what is needed.
 */
import { onRightNode } from "./runtime.mjs";

onRightNode(() => import("./start.ts"));
