import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { AuthError, RETRY_AFTER } from "#lib/auth/errors.ts";
import { once } from "#lib/once.ts";

/**
 * bcrypt takes about 75 ms a hash: on the event loop every other request would wait behind it. So it runs in as many worker
 * threads as there are cores, behind a bounded queue; past the bound a caller is turned away at once instead of waiting
 * until it has given up.
 */

export type HashTask = { task: "hash"; text: string; cost: number } | { task: "compare"; text: string; hash: string };
type Result<T extends HashTask> = T extends { task: "compare" } ? boolean : string;

type Job = { task: HashTask; resolve: (value: never) => void; reject: (reason: unknown) => void };

/** For whoever holds no place (hash-places.ts, which turns away earlier). */
const QUEUE_BOUND = 128;

class PasswordPool {
  #idle: Worker[] = [];
  #running = new Map<Worker, Job>();
  #queues: Record<HashTask["task"], Job[]> = { compare: [], hash: [] };
  #last: HashTask["task"] = "hash";
  #size = availableParallelism();

  run<T extends HashTask>(task: T): Promise<Result<T>> {
    const { compare, hash } = this.#queues;
    if (compare.length + hash.length >= QUEUE_BOUND) throw new AuthError("busy", { retryAfter: RETRY_AFTER });
    return new Promise<Result<T>>((resolve, reject) => {
      this.#queues[task.task].push({ task, resolve, reject });
      this.#next();
    });
  }

  #next(): void {
    const worker = this.#idle.pop() ?? (this.#running.size < this.#size ? this.#start() : undefined);
    if (!worker) return;
    const job = this.#nextJob();
    if (!job) {
      this.#idle.push(worker);
      return;
    }
    this.#running.set(worker, job);
    worker.ref();
    worker.postMessage(job.task);
  }

  /** Log-ins compare, new passwords are hashed. The two take turns, so that many of one kind do not hold up the other. */
  #nextJob(): Job | undefined {
    const turn = this.#last === "hash" ? "compare" : "hash";
    const task = this.#queues[turn].length > 0 ? turn : this.#last;
    this.#last = task;
    return this.#queues[task].shift();
  }

  #start(): Worker {
    // Node runs this file itself; it is no part of the bundle.
    const worker = new Worker(join(process.cwd(), "lib/auth/factors/password/worker.ts"));
    worker.on("message", (answer: { value?: unknown; error?: string }) => {
      const job = this.#release(worker);
      worker.unref();
      this.#idle.push(worker);
      if (answer.error === undefined) job?.resolve(answer.value as never);
      else job?.reject(new Error(answer.error));
      this.#next();
    });
    worker.on("error", (error) => {
      this.#release(worker)?.reject(error);
      this.#idle = this.#idle.filter((one) => one !== worker);
      this.#next();
    });
    return worker;
  }

  #release(worker: Worker): Job | undefined {
    const job = this.#running.get(worker);
    this.#running.delete(worker);
    return job;
  }
}

// Two pools would be twice as many threads as there are cores.
const pool = once("password-pool", () => new PasswordPool());

/** Hashes or compares in a worker. Throws `busy` at once when the queue is full. */
export async function runHash<T extends HashTask>(task: T): Promise<Result<T>> {
  return pool.run(task);
}
