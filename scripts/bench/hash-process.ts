import { hashPassword, passwordMatches } from "#lib/auth/factors/password/hashing.ts";

/** What the worker pool does by itself, with nothing else in the process: comparisons a second, 16 asked for at a time. */
const password = "correct horse battery";
const hash = await hashPassword(password);
await Promise.all(Array.from({ length: 8 }, () => passwordMatches(password, hash)));

const began = performance.now();
const end = began + 4_000;
let done = 0;
await Promise.all(
  Array.from({ length: 16 }, async () => {
    while (performance.now() < end) {
      await passwordMatches(password, hash);
      done += 1;
    }
  }),
);
process.send?.(done / ((performance.now() - began) / 1000), () => process.exit(0));
