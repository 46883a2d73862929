import { poll } from "#e2e/fixtures/poll.ts";
import { dispose, freePort, launchServer } from "#e2e/fixtures/server.ts";
import { startSmtpListener } from "#e2e/fixtures/smtp-listener.ts";
import { change, row, runScript } from "#e2e/fixtures/store.ts";
import { type Row, seconds } from "./row.ts";
import { signUp } from "./visits.ts";

const MAILS = 1_000;
const HOUR = 60 * 60_000;

/** The mail service is away, a thousand mails are put off for an hour, and it is back. */
export async function mail(): Promise<Row> {
  const port = await freePort();
  const server = await launchServer({ SMTP_URL: `smtp://latchkey:open%20sesame@127.0.0.1:${port}` });
  try {
    await signUp(server);
    await poll(async () => (await row<{ n: number }>(server, "select sum(attempts) as n from outbox")).n > 0, {
      what: "a mail to fail",
    });
    // As after an hour of failing: each waits for a next try that is far away.
    await runScript(server, put(MAILS - 1, Date.now() + HOUR));
    await change(
      server,
      "update outbox set next_try_at = ?, claimed_until = 0 where sent_at is null",
      Date.now() + HOUR,
    );
    const listener = await startSmtpListener(port);
    const began = performance.now();
    await signUp(server);
    await poll(() => listener.messages.length >= MAILS + 1, { what: "all mail", within: 120_000 });
    const took = performance.now() - began;
    await listener.close();
    const { n } = await row<{ n: number }>(server, "select count(*) as n from outbox where sent_at is null");
    return {
      fault: `mail back after an hour, ${MAILS} put off`,
      figure: "all out in 60 s",
      reached: `in ${seconds(took)}, ${n} left`,
      isMet: took <= 60_000 && n === 0,
    };
  } finally {
    await dispose(server);
  }
}

const put = (count: number, at: number) => `
  with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count})
  insert into outbox (id, template, to_email, account_id, attempts, created_at, next_try_at)
    select 'late-' || i, 'password-changed', 'late-' || i || '@example.com', (select min(id) from accounts), 6,
      ${Date.now() - HOUR}, ${at} from n`;
