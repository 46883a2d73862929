import { monitorEventLoopDelay } from "node:perf_hooks";
import { isMainThread } from "node:worker_threads";

/**
 * Loaded into a server under torture before its own code (`NODE_OPTIONS=--import`): on SIGUSR2 it prints how long the event
 * loop was held at most since the last time. The product itself knows nothing of it.
 */
if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  process.on("SIGUSR2", () => {
    console.log(JSON.stringify({ event: "loop_held", ms: delay.max / 1e6 }));
    delay.reset();
  });
}
