import { setTimeout as pause } from "node:timers/promises";
import { clientAddress, person } from "#e2e/fixtures/person.ts";
import { type Timed, timed } from "./visits.ts";

/**
 * A crowd in a process of its own: everybody logs in at once, and whoever is refused comes again when the answer said, for
 * as long as this was told. Sends what it was answered, and ends.
 */
const [url = "", size = "", forMs = ""] = process.argv.slice(2);
const end = performance.now() + Number(forMs);
const answers: Timed[] = [];

await Promise.all(
  Array.from({ length: Number(size) }, async () => {
    const from = { "x-forwarded-for": clientAddress() };
    const { email, password } = person();
    while (performance.now() < end) {
      const answer = await timed(`${url}/auth/login`, { email, password }, from);
      answers.push(answer);
      await pause(answer.status === 503 ? 2_000 : 100);
    }
  }),
);
process.send?.(answers, () => process.exit(0));
