import { request } from "node:http";
import AxeBuilder from "@axe-core/playwright";
import { expect, person, test } from "#e2e/fixtures/member.ts";
import { postForm } from "#e2e/fixtures/raw-request.ts";
import { Visitor } from "#e2e/fixtures/visitor.ts";

/** The mailbox in a browser at the machine itself. */

test.describe("with JavaScript off", () => {
  test.use({ javaScriptEnabled: false });

  test("the mailbox shows somebody's newest mail first, with its code and a link that leads on", async ({
    local,
    api,
    mailFor,
  }) => {
    const { email, password } = person();
    await api.post("/auth/signup", { email, password });
    const first = await mailFor(email);
    await api.post("/auth/verify", { authToken: new URL(first.link ?? "").searchParams.get("authToken") });
    await api.post("/auth/password/forget", { email });
    const second = await mailFor(email, { after: first });

    const page = await local.newPage();
    await page.goto("/dev/mailbox");
    await page.getByLabel("Mail to").fill(email);
    await page.getByRole("button", { name: "Show" }).click();
    await expect(page.getByRole("listitem")).toHaveCount(2);
    await expect(page.getByRole("heading", { level: 2 })).toHaveText([second.subject, first.subject]);
    await expect(page.getByRole("listitem").first()).toContainText(second.code ?? "no code");

    await page.getByRole("link", { name: second.subject }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(second.subject);
    await expect(page.getByText(second.code ?? "no code", { exact: true })).toBeVisible();
    await expect(page.getByLabel("The link’s address")).toHaveValue(second.link ?? "no link");
    const mail = page.frameLocator("iframe");
    await expect(mail.getByRole("heading", { level: 1 })).toHaveText("Choose a new password");
    const opened = page.waitForEvent("popup");
    await mail.getByRole("link", { name: "Choose a new password" }).click();
    await expect(await opened).toHaveURL(second.link ?? "no link");

    await page.getByRole("link", { name: "Text", exact: true }).click();
    await expect(page.locator("pre")).toHaveText(second.text);
    await page.getByRole("link", { name: "Open the mailed link" }).click();
    await expect(page).toHaveURL(second.link ?? "no link");
  });
});

test("a mail is shown in a document that runs nothing, loads nothing and belongs to no origin", async ({
  local,
  api,
  mailFor,
}) => {
  const { email, password } = person();
  await api.post("/auth/signup", { email, password });
  const { id } = await mailFor(email);
  const document = await local.request.get(`/dev/mailbox/${id}/html`);
  const policy = document.headers()["content-security-policy"];
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("sandbox allow-popups allow-popups-to-escape-sandbox;");
  expect(document.headers()["cache-control"]).toBe("no-store");

  const page = await local.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  await page.goto(`/dev/mailbox/${id}`);
  await expect(page.frameLocator("iframe").getByText("Latchkey", { exact: true })).toBeVisible();
  expect(await page.locator("iframe").getAttribute("sandbox")).toBe("allow-popups allow-popups-to-escape-sandbox");
  expect(complaints).toEqual([]);
});

test("the mailbox is for whoever sits at the machine and for nobody else", async ({ server, api, mailFor }) => {
  const { email, password } = person();
  await api.post("/auth/signup", { email, password });
  const { id } = await mailFor(email);
  const paths = ["/dev/mailbox", "/dev/mailbox/messages", `/dev/mailbox/${id}`, `/dev/mailbox/${id}/html`];
  const strangers: Record<string, string>[] = [
    { "x-forwarded-for": "203.0.113.7" },
    { "x-forwarded-for": "127.0.0.1" },
    { forwarded: "for=127.0.0.1" },
    { "x-real-ip": "127.0.0.1" },
    { "x-forwarded-host": "localhost" },
    { "x-client-ip": "127.0.0.1" },
    { "true-client-ip": "127.0.0.1" },
    { "cf-connecting-ip": "127.0.0.1" },
    { via: "1.1 tunnel" },
    // A tunnel's end on another port of this machine.
    { host: "localhost:1" },
  ];
  for (const path of paths) {
    expect(await get(server.url + path), path).toMatchObject({ status: 200, text: expect.stringContaining(email) });
    for (const headers of strangers) {
      const answer = await get(server.url + path, headers);
      expect(answer.status, `${path} ${JSON.stringify(headers)}`).toBe(404);
      expect(answer.text).not.toContain(email);
    }
  }
});

test("a site whose name points at this machine is shown no mail, nor led to it by a log-in", async ({
  server,
  newMember,
  mailFor,
}) => {
  // Such a site is of one origin with whatever is answered under its name, and could read it.
  const { email, password } = await newMember();
  const { id } = await mailFor(email);
  const host = `mailbox.example.com:${new URL(server.url).port}`;
  for (const path of ["/dev/mailbox", "/dev/mailbox/messages", `/dev/mailbox/${id}`, `/dev/mailbox/${id}/html`]) {
    const answer = await get(server.url + path, { host });
    expect([path, answer.status]).toEqual([path, 421]);
    expect(answer.text).not.toContain(email);
  }
  // Next renders the page that a server action leads to by a request of its own, which comes from this machine.
  const logIn = "/login?next=/dev/mailbox";
  const fields = { ...(await new Visitor(server.url).form(logIn, "Log in")), email, password };
  const foreign = await postForm(server.url, logIn, fields, { host, origin: `http://${host}` });
  expect([foreign.status, foreign.headers["set-cookie"]]).toEqual([421, undefined]);
  expect((await postForm(server.url, logIn, fields, { origin: server.url })).status).toBe(303);
});

test("there is no mailbox where mail is really sent", async ({ startServer }) => {
  const server = await startServer({ SMTP_URL: "smtp://127.0.0.1:9" });
  for (const path of ["/dev/mailbox", "/dev/mailbox/messages"])
    expect((await get(server.url + path)).status, path).toBe(404);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the mailbox has no fault that axe knows and fits 320 px, ${colorScheme}`, async ({
    browser,
    server,
    api,
    mailFor,
  }) => {
    const { email, password } = person();
    await api.post("/auth/signup", { email, password });
    const { id } = await mailFor(email);
    const context = await browser.newContext({
      baseURL: server.url,
      colorScheme,
      viewport: { width: 320, height: 640 },
      extraHTTPHeaders: {},
    });
    const page = await context.newPage();
    const nobody = `/dev/mailbox?to=${person().email}`;
    for (const path of [`/dev/mailbox?to=${email}`, nobody, `/dev/mailbox/${id}`, `/dev/mailbox/${id}?view=text`]) {
      await page.goto(path);
      if (path.endsWith(id)) await page.frameLocator("iframe").getByText("Latchkey", { exact: true }).waitFor();
      // Legacy mode leaves the frame alone, where no script may run; the mails themselves: e2e/core/mail-templates.spec.ts.
      const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
      expect(violations.map(({ id, nodes }) => `${path} ${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual(
        [],
      );
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(320);
    }
    await context.close();
  });
}

// Unlike fetch it lets the test choose the Host.
function get(url: string, headers: Record<string, string> = {}): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, async (response) => {
      const text = (await response.toArray()).join("");
      resolve({ status: response.statusCode ?? 0, text });
    })
      .on("error", reject)
      .end();
  });
}
