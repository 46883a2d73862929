import { poll } from "#e2e/fixtures/poll.ts";
import { dispose, launchServer } from "#e2e/fixtures/server.ts";
import { rows } from "#e2e/fixtures/store.ts";
import { smallDisk } from "./disk.ts";
import { ms, type Row } from "./row.ts";
import { member, signUp, timed } from "./visits.ts";

/** The disk fills up under the server, and is emptied again. */
export async function full(): Promise<Row[]> {
  const fault = "disk full";
  const disk = smallDisk(8);
  if (!disk) return [{ fault, figure: "503", reached: "needs root, to mount a disk", isMet: false, skipped: true }];
  const server = await launchServer({ DATABASE_URL: `file:${disk.folder}/latchkey.db` });
  try {
    const who = await member(server);
    const acknowledged = [who.email];
    const signUpAll = async (count: number) => {
      const answers = await Promise.all(Array.from({ length: count }, () => signUp(server)));
      acknowledged.push(...answers.flatMap(({ status, email }) => (status === 200 ? [email] : [])));
      return answers.map(({ status }) => status);
    };
    await signUpAll(8);
    disk.fill();
    // The log SQLite writes to first has room of its own left over from what it held before; it is used up first.
    const statuses: number[] = [];
    for (let n = 0; n < 60 && statuses.slice(-24).filter((one) => one === 503).length < 24; n += 1)
      statuses.push(...(await signUpAll(8)));
    const others = statuses.filter((status) => status !== 503 && status !== 200);
    const ready = await poll(async () => (await timed(`${server.url}/health/ready`)).status === 503, {
      what: "ready to say no",
    }).catch(() => false);
    const me = await timed(`${server.url}/api/auth/me`, undefined, { authorization: `Bearer ${who.accessToken}` });
    disk.empty();
    const began = performance.now();
    await poll(async () => (await timed(`${server.url}/health/ready`)).status === 200, { what: "the server to heal" });
    const healed = performance.now() - began;
    const afterwards = await signUpAll(4);
    const kept = new Set(
      (await rows<{ email: string }>(server, "select email from accounts")).map(({ email }) => email),
    );
    const lost = acknowledged.filter((email) => !kept.has(email));
    return [
      {
        fault,
        figure: "sign-ups and ready 503, reads 200",
        reached: `${statuses.filter((one) => one === 503).length} x 503, ${others.length} else; ready ${ready ? 503 : 200}; me ${me.status}`,
        isMet: statuses.at(-1) === 503 && others.length === 0 && ready === true && me.status === 200,
      },
      {
        fault,
        figure: "heals in 5 s, 0 lost",
        reached: `in ${ms(healed)}, ${lost.length} lost of ${acknowledged.length}`,
        isMet: healed <= 5_000 && lost.length === 0 && afterwards.every((status) => status === 200),
      },
    ];
  } finally {
    await dispose(server);
    disk.remove();
  }
}
