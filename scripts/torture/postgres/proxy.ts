import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** What went through the proxy since it was last asked. Times of a failure are those of `Date.now()`. */
export type Report = {
  answers: number;
  /** How many answers of each status. */
  statuses: Record<number, number>;
  /** Requests that no copy answered; `port` is that of the copy that had it. */
  failed: { what: string; port: number; code: string; from: number; to: number }[];
  slowest: { ms: number; what: string };
};

export type Balancer = {
  url: string;
  /** Which copies take requests from now on. */
  lead(ports: number[]): void;
  report(): Promise<Report>;
  stop(): void;
};

export async function startProxy(): Promise<Balancer> {
  const child: ChildProcess = fork("scripts/torture/postgres/proxy-process.ts");
  const [port] = (await once(child, "message")) as [number];
  return {
    url: `http://localhost:${port}`,
    lead: (ports) => child.send(ports),
    report: async () => {
      child.send("report");
      return ((await once(child, "message")) as [Report])[0];
    },
    stop: () => child.disconnect(),
  };
}
