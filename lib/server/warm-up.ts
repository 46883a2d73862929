import { randomBytes, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { activateAccount, findAccount } from "#db/accounts.ts";
import { takenBack } from "#db/client.ts";
import { clock } from "#lib/clock.ts";
import { env } from "#lib/env.ts";
import { describeError, log } from "#lib/log.ts";

/**
 * Asks each kind of page and endpoint once before anybody can, so that the first person is not who waits for its code to be
 * read and compiled. It goes the whole way, up to signing somebody up and in; all that is written is taken back. Nothing is
 * mailed meanwhile, and nothing logged. It is a convenience: whatever goes wrong, the start goes on.
 */

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** A start must not wait for more of it than this. */
const PATIENCE_MS = 1_500;
/** A hash of a higher cost than this takes too long to be computed for nothing. */
const DEAREST = 11;

export async function warmUp(handle: Handle): Promise<void> {
  // Nobody else may ask here: the limits and the log stand in front of the real one.
  const mark = randomBytes(32).toString("base64url");
  const underWay: Promise<unknown>[] = [];
  const server = createServer((asked, response) => {
    if (asked.headers["x-latchkey-warm-up"] !== mark) return response.destroy();
    delete asked.headers["x-latchkey-warm-up"];
    underWay.push(handle(asked, response).catch(() => response.destroy()));
  });
  try {
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
    const deadline = performance.now() + PATIENCE_MS;
    const { port } = server.address() as AddressInfo;
    const ask = askerAt(port, mark, underWay);
    await takenBack(async (isOpen) => {
      try {
        await visitAll((...what) => (isOpen() && performance.now() < deadline ? ask(...what) : Promise.reject(ENOUGH)));
      } finally {
        // A request still under way would write after all was taken back, and that row would stay.
        for (let n = 0; n < underWay.length; n += 1) await underWay[n];
      }
    });
  } catch (error) {
    if (error !== ENOUGH) log.warn("warm_up_failed", describeError(error));
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

const ENOUGH = new Error("It is time to start");

type Answer = { status: number; text: string };
type Ask = (path: string, body?: object | URLSearchParams, headers?: Record<string, string>) => Promise<Answer>;

async function visitAll(ask: Ask): Promise<void> {
  // The first page loads what all pages share. Then the workers hash passwords while the other pages are rendered.
  const forms: [page: string, html: string][] = [["/login", (await ask("/login")).text]];
  const isCheap = env().BCRYPT_COST <= DEAREST;
  const entering = isCheap ? enter(ask) : undefined;
  entering?.catch(() => {});
  for (const page of ["/sign-up", "/", "/account", "/forgot-password", "/verify-email", "/reset-password"])
    forms.push([page, (await ask(page)).text]);
  if (isCheap) for (const [page, html] of forms.slice(0, 2)) await ask(page, filledIn(html));
  await ask("/password/reset", { authToken: "none", password: TOO_COMMON });
  await entering;
  // Not /health/ready: its answer is kept for a second, and says nothing inside a transaction.
  for (const path of ["/api/openapi.json", "/dev/mailbox", "/invite", "/invitation", "/docs"]) await ask(path);
}

/** Refused before it is hashed. */
const TOO_COMMON = "password1";

/** Signs up and logs in through each contract, as far as nobody else is asked for anything (at the flat one AWS is). */
async function enter(ask: Ask): Promise<void> {
  const who = { email: `${randomUUID()}@example.com`, password: randomUUID() };
  await ask("/auth/signup", who);
  const account = await findAccount({ email: who.email });
  if (account) await activateAccount(account.id, clock());
  const { accessToken, refreshToken } = JSON.parse((await ask("/auth/login", who)).text);
  for (let n = 0; n < 3; n += 1) await ask("/api/auth/me", undefined, { authorization: `Bearer ${accessToken}` });
  await ask("/api/auth/refresh", { refreshToken });
  await ask("/password/forget", { email: who.email });
  await ask("/api/users/login", who);
  const common = { email: who.email, password: TOO_COMMON };
  await ask("/api/users/signUp", { ...common, first_name: "A", last_name: "B", phone_number: "" });
  await ask("/staging/user_signup", { ...common, username: `warm-${randomUUID().slice(0, 8)}` });
  await ask("/staging/user_login", { username: randomUUID(), password: who.password });
}

/** What a browser without JavaScript sends of a page's last form. */
function filledIn(page: string): URLSearchParams {
  const form = page.match(/<form[\s\S]*?<\/form>/g)?.at(-1) ?? "";
  const hidden = form.match(/<input[^>]*type="hidden"[^>]*>/g) ?? [];
  const attributeOf = (input: string, name: string) => new RegExp(` ${name}="([^"]*)"`).exec(input)?.[1] ?? "";
  const decoded = (text: string) => text.replaceAll("&quot;", '"').replaceAll("&amp;", "&");
  return new URLSearchParams([
    ...hidden.map((input): [string, string] => [attributeOf(input, "name"), decoded(attributeOf(input, "value"))]),
    ["email", `${randomUUID()}@example.com`],
    ["password", randomUUID()],
  ]);
}

function askerAt(port: number, mark: string, underWay: Promise<unknown>[]): Ask {
  const { protocol, host, origin } = new URL(env().APP_URL);
  return (path, body, headers = {}) => {
    const isForm = body instanceof URLSearchParams;
    const content = isForm ? multipart(body) : body && JSON.stringify(body);
    const type = isForm ? `multipart/form-data; boundary=${BOUNDARY}` : "application/json";
    const answer = new Promise<Answer>((resolve, reject) => {
      const asked = request(
        {
          port,
          path,
          host: "127.0.0.1",
          method: body ? "POST" : "GET",
          headers: {
            ...headers,
            ...(content ? { "content-type": type, "content-length": Buffer.byteLength(content) } : {}),
            "x-latchkey-warm-up": mark,
            "x-forwarded-for": "127.0.0.1",
            "x-forwarded-host": host,
            "x-forwarded-proto": protocol.replace(":", ""),
            "x-request-id": "warm-up",
            ...(isForm ? { origin } : {}),
          },
        },
        (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (part) => {
            text += part;
          });
          response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
        },
      );
      asked.on("error", reject);
      asked.end(content);
    });
    underWay.push(answer.catch(() => {}));
    return answer;
  };
}

const BOUNDARY = "latchkey-warm-up";
const multipart = (fields: URLSearchParams): string =>
  `${[...fields].map(([name, value]) => `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`).join("")}--${BOUNDARY}--\r\n`;
