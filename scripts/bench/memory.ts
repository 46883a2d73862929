import { readFileSync } from "node:fs";

/** Resident memory of a process in MB, all its threads together. Linux only, like the other figures. */
export function residentMegabytes(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) / 1024;
}
