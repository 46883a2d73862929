import { setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { compareSync, hashSync } from "bcryptjs";
import type { HashTask } from "./pool.ts";

// On Linux a priority belongs to the thread: the event loop always gets a core before a hash does.
if (process.platform === "linux") setPriority(0, 10);

parentPort?.on("message", (task: HashTask) => {
  try {
    const value = task.task === "hash" ? hashSync(task.text, task.cost) : compareSync(task.text, task.hash);
    parentPort?.postMessage({ value });
  } catch (error) {
    parentPort?.postMessage({ error: (error as Error).message });
  }
});
