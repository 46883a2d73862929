import { api } from "#e2e/fixtures/api.ts";
import { clientAddress } from "#e2e/fixtures/person.ts";
import { row } from "#e2e/fixtures/store.ts";
import type { Row } from "../row.ts";
import { member } from "../visits.ts";
import { startPair } from "./pair.ts";

const AT_ONCE = 200;
const ROUNDS = 50;

/** One refresh token, presented by two hundred at once to both copies, and its successor again. */
export async function refreshes(): Promise<Row> {
  const pair = await startPair();
  try {
    const { refreshToken, email } = await member(pair.world);
    let token = refreshToken;
    const odd: string[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      const answers = await Promise.all(
        Array.from({ length: AT_ONCE }, () =>
          api(pair.next().url, { "x-forwarded-for": clientAddress() }).post("/api/auth/refresh", {
            refreshToken: token,
          }),
        ),
      );
      const answered = answers.filter(({ status }) => status === 200).length;
      const successors = new Set(answers.map(({ body }) => body.refreshToken as string));
      const { generation } = await row<{ generation: number }>(
        pair.world,
        "select generation from sessions where ended_at is null and account_id = (select id from accounts where email = ?)",
        email,
      );
      if (answered !== AT_ONCE || successors.size !== 1 || generation !== round)
        odd.push(`round ${round}: ${answered} answered, ${successors.size} successors, generation ${generation}`);
      token = [...successors][0] ?? token;
    }
    return {
      fault: `${AT_ONCE} refreshes of one session at once, over two copies`,
      figure: `one successor in each of ${ROUNDS} rounds`,
      reached: `${ROUNDS - odd.length} of ${ROUNDS}${odd[0] ? ` (${odd[0]})` : ""}`,
      isMet: odd.length === 0,
    };
  } finally {
    await pair.dispose();
  }
}
