import { fork } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { dispose, launchServer } from "#e2e/fixtures/server.ts";
import { row } from "#e2e/fixtures/store.ts";
import { ms, type Row, share } from "./row.ts";
import { member, signUp, type Timed, timed, watch } from "./visits.ts";

const CROWD = 300;
const FOR_MS = 20_000;

/** Three hundred clients log in at once, and again. Whoever else is there shall not notice. */
export async function crowd(): Promise<Row[]> {
  const server = await launchServer({ BCRYPT_COST: "10", SKIP_WARM_UP: undefined });
  try {
    const { accessToken } = await member(server);
    const bearer = { authorization: `Bearer ${accessToken}` };
    const gone = crowdAt(server.env.PORT ?? "");
    const me = watch(async () => {
      await pause(20);
      return timed(`${server.url}/api/auth/me`, undefined, bearer);
    });
    const page = watch(async () => {
      await pause(100);
      return timed(`${server.url}/login`);
    });
    const joining = watch(async () => {
      await pause(500);
      return signUp(server);
    });
    const answers = await gone;
    const [asked, opened, joined] = [await me.stop(), await page.stop(), await joining.stop()];
    const refused = answers.filter(({ status }) => status === 503);
    const compared = answers.filter(({ status }) => status === 404).length;
    // A counter for each guess at a name that nobody has: who was refused must have left none.
    const { n } = await row<{ n: number }>(
      server,
      "select sum(count) as n from limits where key like 'password-name:%'",
    );
    const letIn = joined.filter(({ status }) => status === 200).length;
    const fault = `${CROWD} clients log in at once`;
    const p99 = (of: Timed[]) =>
      share(
        of.map(({ time }) => time),
        0.99,
      );
    return [
      {
        fault,
        figure: "who is refused hears it in 200 ms, p99",
        reached: `${refused.length} refused, p99 ${ms(p99(refused))}, ${answers.length - refused.length - compared} else`,
        isMet: refused.length > 0 && p99(refused) <= 200 && answers.length === refused.length + compared,
      },
      {
        fault,
        figure: "a refusal counts no guess",
        reached: `${n} counted, ${compared} compared`,
        isMet: n === compared,
      },
      { fault, figure: "me: p99 < 100 ms", reached: ms(p99(asked)), isMet: allAre(200, asked) && p99(asked) < 100 },
      {
        fault,
        figure: "pages: p99 < 100 ms",
        reached: ms(p99(opened)),
        isMet: allAre(200, opened) && p99(opened) < 100,
      },
      {
        fault,
        figure: "whoever signs up can",
        reached: `${letIn} of ${joined.length}, p99 ${ms(p99(joined))}`,
        isMet: letIn === joined.length,
      },
    ];
  } finally {
    await dispose(server);
  }
}

const allAre = (status: number, of: Timed[]) => of.every((one) => one.status === status);

function crowdAt(port: string): Promise<Timed[]> {
  return new Promise((resolve, reject) => {
    const child = fork("scripts/torture/crowd-process.ts", [port, String(CROWD), String(FOR_MS)]);
    child.once("message", (answers) => resolve(answers as Timed[]));
    child.once("exit", (code) => reject(new Error(`The crowd ended with ${code}`)));
  });
}
