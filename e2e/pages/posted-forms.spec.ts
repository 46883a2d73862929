import { connect } from "node:net";
import { expect, heading, test } from "#e2e/fixtures/pages.ts";
import { postForm, type RawAnswer, rawRequest } from "#e2e/fixtures/raw-request.ts";
import { type Fields, Visitor } from "#e2e/fixtures/visitor.ts";

/** What is posted to a page and is no form of ours: a 4xx that says so, never a 500, and nothing held. */

const NOT_WHOLE = "This form was damaged on the way";
const TOO_LARGE = "This form is too large";
const BOUNDARY = "----a-browsers-boundary";
const TYPE = `multipart/form-data; boundary=${BOUNDARY}`;

const part = (name: string, value: string, more = ""): string =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;

/** `model` is what our script sends beside the fields, and after them. */
function multipart(fields: Fields, model?: string): string {
  const parts = Object.entries(fields).map(([name, value]) => part(name, value));
  return `${parts.join("")}${model === undefined ? "" : part("0", model)}--${BOUNDARY}--\r\n`;
}

const MODEL = '[{"errors":{},"values":{}},"$K1"]';

type Sent = { type?: string; action?: string; path?: string; accept?: string };

/** Posts this body to a page, as a browser's form or, with `action`, as our script does. */
function post(url: string, body: string | Buffer, { type = TYPE, action, path = "/login", accept }: Sent = {}) {
  const headers = {
    accept: accept ?? "text/html",
    "content-type": type,
    "content-length": Buffer.byteLength(body),
    ...(action === undefined ? {} : { "next-action": action }),
  };
  return rawRequest(url, { path, headers, chunks: [body] });
}

/** The log-in form as a browser without JavaScript has it, what our script makes of it, and the action's id. */
async function logInForm(url: string): Promise<{ plain: Fields; fetched: Fields; id: string }> {
  const plain = { ...(await new Visitor(url).form("/login", "Log in")), email: "ada@example.com", password: "x" };
  const id = /[0-9a-f]{42}/.exec(Object.values(plain).join())?.[0] ?? "";
  const fields = Object.fromEntries(Object.entries(plain).map(([name, value]) => [`_1_${name}`, value]));
  return { plain, fetched: fields, id };
}

function expectNotWhole(what: string, { status, headers, text }: RawAnswer): void {
  expect([what, status, headers["content-type"]]).toEqual([what, 400, "text/html; charset=utf-8"]);
  expect(text).toContain(`<h1>${NOT_WHOLE}</h1>`);
}

test("the form itself comes through, posted by a browser or by our script", async ({ server }) => {
  const { plain, fetched, id } = await logInForm(server.url);
  for (const answer of [
    await post(server.url, multipart(plain)),
    await post(server.url, multipart(fetched, MODEL), { action: id }),
  ]) {
    expect(answer.status).toBe(200);
    expect(answer.text).toContain("Wrong e-mail address or password");
  }
});

test("a body that is no multipart form, or is cut short, is refused", async ({ server }) => {
  const { plain, fetched, id } = await logInForm(server.url);
  const whole = multipart(plain);
  const types = [
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=other",
    "multipart/mixed; boundary=x",
    "application/x-www-form-urlencoded",
    "application/json",
    "text/plain",
  ];
  for (const type of types) expectNotWhole(type, await post(server.url, whole, { type }));
  for (const length of [0, 10, 60, 150, 400, whole.length - 6])
    expectNotWhole(`cut at ${length}`, await post(server.url, whole.slice(0, length)));
  const script = multipart(fetched, MODEL);
  for (const length of [0, 10, 60, 150, 400, script.length - 6])
    expectNotWhole(`script, cut at ${length}`, await post(server.url, script.slice(0, length), { action: id }));
  const junk = Buffer.from(whole.replace('name="email"', 'name="em\0il"'));
  expectNotWhole("a control character in a name", await post(server.url, junk));
  expectNotWhole(
    "the same by script",
    await post(server.url, script.replace("_1_email", "_1_em\u0001il"), { action: id }),
  );
  for (const path of ["/", "/account", "/nothing-here", "/docs", "/health/none"])
    expectNotWhole(path, await post(server.url, "junk", { path }));
});

test("an action's id that is none is refused, and one of no action is not found", async ({ server }) => {
  const { plain, fetched, id } = await logInForm(server.url);
  for (const action of [
    "",
    "x",
    "toString",
    "__proto__",
    "x".repeat(42),
    id.toUpperCase(),
    id.slice(1),
    `${id}, ${id}`,
  ]) {
    expectNotWhole(action, await post(server.url, multipart(fetched, MODEL), { action }));
    expectNotWhole(action, await post(server.url, multipart({ [`$ACTION_ID_${action}`]: "" })));
    const fields = { ...plain, "$ACTION_1:0": JSON.stringify({ id: action, bound: "$@1" }) };
    expectNotWhole(action, await post(server.url, multipart(fields)));
  }
  // As of a page that was opened before an update.
  const gone = id.slice(0, -4) + (id.endsWith("0000") ? "1111" : "0000");
  const fields = { ...plain, "$ACTION_1:0": JSON.stringify({ id: gone, bound: "$@1" }) };
  for (const answer of [
    await post(server.url, multipart(fetched, MODEL), { action: gone }),
    await post(server.url, multipart(fields)),
    await post(server.url, multipart({ [`$ACTION_ID_40${gone.slice(2)}`]: "" })),
  ])
    expect(answer.status).toBe(409);
});

test("the fields that name the action are as the page gave them, or it is no form of ours", async ({ server }) => {
  const { plain, id } = await logInForm(server.url);
  const { $ACTION_REF_1: _, ...withoutReference } = plain;
  const { "$ACTION_1:1": __, ...withoutState } = plain;
  const bad: Record<string, Fields> = {
    "no action at all": { email: "ada@example.com" },
    "no reference": withoutReference,
    "no state": withoutState,
    // The action would be called without its form.
    "an action that wants its last answer, without it": { [`$ACTION_ID_${id}`]: "" },
    "a second action": { ...plain, $ACTION_REF_2: "" },
    "another action beside it": { ...plain, [`$ACTION_ID_${id}`]: "" },
    "bound to something else": { ...plain, "$ACTION_1:0": JSON.stringify({ id, bound: "$@2" }) },
    "bound to nothing": { ...plain, "$ACTION_1:0": JSON.stringify({ id, bound: null }) },
  };
  for (const [what, fields] of Object.entries(bad)) expectNotWhole(what, await post(server.url, multipart(fields)));
  expectNotWhole("a field twice", await post(server.url, part("$ACTION_1:1", "[{}]") + multipart(plain)));
  const file = part("email", "x", '; filename="x.txt"') + multipart(plain);
  expectNotWhole("a file", await post(server.url, file));
  const many = part("x", "").repeat(200) + multipart(plain);
  expectNotWhole("more fields than any form has", await post(server.url, many));
});

test("what React would make more of than a form never reaches it", async ({ server }) => {
  const { plain, fetched, id } = await logInForm(server.url);
  const junk = [
    "",
    "null",
    "{}",
    "[",
    '["$1","$K1"]',
    '["$@1","$K1"]',
    '["$Q1","$K1"]',
    '["$B1","$K1"]',
    '["$F1","$K1"]',
    '["$n9","$K1"]',
    '["$D2020","$K1"]',
    '["$1:__proto__:then","$K1"]',
    '[{"then":"$1:then"},"$K1"]',
    '["$K1"]',
    '[{},"$K2"]',
    '[{},{},"$K1"]',
    '["$K1","$K1"]',
    `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
    `[${"[".repeat(20)}${"]".repeat(20)},"$K1"]`,
  ];
  for (const model of junk) {
    const what = model.slice(0, 40);
    expectNotWhole(what, await post(server.url, multipart(fetched, model), { action: id }));
    expectNotWhole(what, await post(server.url, model, { action: id, type: "text/plain;charset=UTF-8" }));
    expectNotWhole(what, await post(server.url, multipart({ ...plain, "$ACTION_1:1": model })));
  }
  expectNotWhole(
    "a part of its own",
    await post(server.url, multipart({ ...fetched, "1": "{}" }, MODEL), { action: id }),
  );
  // A dollar that somebody typed is no reference.
  const typed = { ...plain, "$ACTION_1:1": '[{"errors":{},"values":{"email":"$$1"}}]', email: "$1" };
  expect((await post(server.url, multipart(typed))).status).toBe(200);
});

test("a script's header that cannot be read is refused", async ({ server }) => {
  for (const state of ["junk", "%5B%22", "[1]", "a".repeat(50_000).slice(0, 12_000)]) {
    const headers = { rsc: "1", "next-router-state-tree": state };
    const answer = await rawRequest(server.url, { method: "GET", path: "/nothing-here", headers });
    expect([state.slice(0, 9), answer.status]).toEqual([state.slice(0, 9), 400]);
  }
});

test("a program is refused in JSON", async ({ server }) => {
  const small = await post(server.url, "junk", { accept: "*/*" });
  expect([small.status, JSON.parse(small.text)]).toEqual([400, { message: NOT_WHOLE }]);
  const { plain } = await logInForm(server.url);
  const large = await postForm(server.url, "/login", { ...plain, email: "x".repeat(1_100_000) }, {});
  expect([large.status, JSON.parse(large.text)]).toEqual([413, { message: TOO_LARGE }]);
});

test("a form of just under 1 MB is read, and one of over 1 MB is not", async ({ server }) => {
  const { plain } = await logInForm(server.url);
  expect((await post(server.url, multipart({ ...plain, email: "x".repeat(1_040_000) }))).status).toBe(200);
  expect((await post(server.url, multipart({ ...plain, email: "x".repeat(1_048_576) }))).status).toBe(413);
});

/** Sends the head, then bytes for as long as the connection takes them; what came back until the server closed it. */
function sendEndlessly(url: string, lengthHeader: string): Promise<string> {
  const { port, host, hostname } = new URL(url);
  const some = "x".repeat(64 * 1024);
  const frame = lengthHeader.startsWith("Transfer") ? `10000\r\n${some}\r\n` : some;
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true }, () => {
      socket.write(
        `POST /login HTTP/1.1\r\nHost: ${host}\r\nAccept: text/html\r\nContent-Type: ${TYPE}\r\n${lengthHeader}\r\n\r\n`,
      );
      send();
    });
    const send = () => {
      while (!socket.destroyed && socket.write(frame));
      socket.once("drain", send);
    };
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      answer += chunk;
    });
    // Whoever writes to a connection that was closed is told so by an error.
    socket.on("error", () => undefined);
    socket.once("close", () => resolve(answer));
  });
}

for (const header of [`Content-Length: ${50 * 1024 * 1024 * 1024}`, "Transfer-Encoding: chunked"])
  test(`whoever never stops sending is answered and cut off: ${header}`, async ({ server }) => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => sendEndlessly(server.url, header)));
    for (const answer of answers) {
      expect(answer).toMatch(/^HTTP\/1\.1 413 /);
      expect(answer).toMatch(/\r\nconnection: close\r\n/i);
      expect(answer).toContain(`<h1>${TOO_LARGE}</h1>`);
    }
  });

test("a person whose form is too large is told to type less, and comes back to the page", async ({ page }) => {
  await page.goto("/login");
  await page.evaluate(() => {
    const form = document.createElement("form");
    Object.assign(form, { method: "post", enctype: "multipart/form-data" });
    const field = document.createElement("textarea");
    Object.assign(field, { name: "email", value: "x".repeat(2_000_000) });
    form.append(field);
    document.body.append(form);
    form.submit();
  });
  await expect(heading(page, TOO_LARGE)).toBeVisible();
  expect(await page.title()).toBe(`Error: ${TOO_LARGE} · Latchkey`);
  await page.getByRole("link", { name: "Open the page again" }).click();
  await expect(heading(page, "Log in")).toBeVisible();
});
