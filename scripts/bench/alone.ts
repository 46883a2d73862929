import { fork } from "node:child_process";

/** Runs a script that measures one thing by itself, under a server's settings. Resolves with how many a second it did. */
export function alone(script: string, env: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = fork(`scripts/bench/${script}`, { env: env as NodeJS.ProcessEnv });
    child.once("message", (perSecond) => resolve(Number(perSecond)));
    child.once("exit", (code) => reject(new Error(`${script} ended with ${code} before it had measured`)));
  });
}
