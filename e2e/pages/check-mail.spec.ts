import { decodeJwt } from "jose";
import type { BrowserContext, Page } from "playwright/test";
import {
  expect,
  fill,
  heading,
  person,
  press,
  type RunningServer,
  signUpOn,
  summary,
  test,
} from "#e2e/fixtures/pages.ts";
import { agedPendingMail } from "#e2e/fixtures/pending-mail.ts";
import { passCooldowns } from "#e2e/fixtures/store.ts";

test("a code pasted as 123 456 is taken, and Enter submits it", async ({ page, context, mailFor }) => {
  const who = person();
  await signUpOn(page, who);
  const code = (await mailFor(who.email)).code ?? "";
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate((text) => navigator.clipboard.writeText(text), ` ${code.slice(0, 3)} ${code.slice(3)}\n`);
  await page.getByLabel("Code", { exact: true }).press("Control+V");
  await expect(page.getByLabel("Code", { exact: true })).toHaveValue(/^ \d{3} \d{3} ?$/);
  await page.keyboard.press("Enter");
  await expect(heading(page, "Your account")).toBeVisible();
});

test("a wrong code is told at its field and stays there to be mended", async ({ page, mailFor }) => {
  const who = person();
  await signUpOn(page, who);
  const code = (await mailFor(who.email)).code ?? "";
  const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, "0");
  await fill(page, { Code: wrong });
  await press(page, "Confirm");
  await expect(summary(page)).toContainText("This code is wrong or no longer valid.");
  await expect(page.getByLabel("Code", { exact: true })).toHaveValue(wrong);
  await fill(page, { Code: code });
  await press(page, "Confirm");
  await expect(heading(page, "Your account")).toBeVisible();
});

test("the countdown goes on where it was after a reload", async ({ page }) => {
  await signUpOn(page, person());
  await expect.poll(() => secondsShown(page)).toBeLessThan(59);
  const before = await secondsShown(page);
  await page.reload();
  const after = await secondsShown(page);
  expect(after).toBeLessThanOrEqual(before);
  expect(after).toBeGreaterThan(before - 20);
});

test("another mail can be had when the countdown is over, and only the newer one works", async ({
  page,
  context,
  server,
  mailFor,
}) => {
  const who = person();
  await signUpOn(page, who);
  const first = await mailFor(who.email);
  const again = page.getByRole("button", { name: "Send another mail" });
  await expect(again).toHaveAttribute("aria-disabled", "true");

  await passCooldowns(server, who.email);
  await agePendingMail(context, server, 60_000);
  await page.reload();
  await expect(again).not.toHaveAttribute("aria-disabled");
  await again.click();
  await expect(page.getByText("Another mail is on its way.")).toBeVisible();
  await expect(again).toHaveAttribute("aria-disabled", "true");
  await mailFor(who.email, { after: first });
});

test("somebody else's address in the cookie is not believed", async ({ page, context, newPerson }) => {
  const { email } = await newPerson();
  await signUpOn(page, person());
  const cookie = (await context.cookies()).find(({ name }) => name.endsWith("latchkey_pending_mail"));
  const [head, payload, mark] = (cookie?.value ?? "").split(".");
  const claims = { ...decodeJwt(cookie?.value ?? ""), email };
  expect(payload).toBeTruthy();
  await context.addCookies([
    {
      ...cookie,
      name: cookie?.name ?? "",
      value: [head, Buffer.from(JSON.stringify(claims)).toString("base64url"), mark].join("."),
    },
  ]);
  await page.reload();
  await expect(heading(page, "Confirm your address")).toBeVisible();
  await expect(page.getByText(email)).toBeHidden();
});

test("who has an account is not told at sign-up; its owner is, by mail", async ({
  page,
  newMember,
  mailFor,
  server,
}) => {
  const member = await newMember();
  await passCooldowns(server, member.email);
  const seen: string[] = [];
  for (const one of [member, person()]) {
    await signUpOn(page, one);
    seen.push(await wordsOf(page, one.email));
  }
  expect(seen[0]).toBe(seen[1]);
  await mailFor(member.email, { subject: /already|account/i });
});

test("who has an account is not told for a forgotten password, nor by what its codes are answered", async ({
  page,
  newMember,
}) => {
  test.slow();
  const seen: string[][] = [];
  for (const { email, password } of [await newMember(), person()]) {
    await page.goto("/forgot-password");
    await fill(page, { "E-mail address": email });
    await press(page, "Send the mail");
    await expect(heading(page, "Check your mail")).toBeVisible();
    const words = [await wordsOf(page, email)];
    for (const [choice, refusal] of [
      ["password", "This password is too common"],
      [`${password}-anew`, "This code is wrong"],
    ] as const) {
      await fill(page, { Code: "000000", "New password": choice });
      await press(page, "Set new password");
      await expect(summary(page)).toContainText(refusal);
      words.push(await wordsOf(page, email));
    }
    seen.push(words);
  }
  expect(seen[0]).toEqual(seen[1]);
});

test("the right password of an unproved address is answered as a wrong one, and a new mail is sent all the same", async ({
  page,
  newPerson,
  mailFor,
  server,
}) => {
  const who = await newPerson();
  const first = await mailFor(who.email);
  await passCooldowns(server, who.email);
  await page.goto("/login");
  for (const password of ["not the one", who.password]) {
    await fill(page, { "E-mail address": who.email, Password: password });
    await press(page, "Log in");
    await expect(summary(page)).toContainText("confirm your address first");
  }
  await mailFor(who.email, { after: first });
});

test("in the browser that signed up, log-in leads to the mail until it is read", async ({ page }) => {
  const who = person();
  await signUpOn(page, who);
  await page.goto("/login");
  await fill(page, { "E-mail address": who.email, Password: who.password });
  await press(page, "Log in");
  await expect(heading(page, "Check your mail")).toBeVisible();
});

test("a mailbox kept on this machine is one click away for whoever sits at it, and others are told whom to ask", async ({
  local,
  page,
}) => {
  const who = person();
  const here = await local.newPage();
  await signUpOn(here, who);
  await expect(here.getByRole("link", { name: "Read it here." })).toHaveAttribute(
    "href",
    `/dev/mailbox?to=${encodeURIComponent(who.email)}`,
  );
  await signUpOn(page, person());
  await expect(page.getByText("The person who runs this server can read it")).toBeVisible();
  await expect(page.getByRole("link", { name: "Read it here." })).toHaveCount(0);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the wait is told with its time, and the server holds to it", async ({ page, mailFor, mailsTo }) => {
    const who = person();
    await signUpOn(page, who);
    await mailFor(who.email);
    await expect(page.getByText(/another in \d+ seconds, at \d\d:\d\d:\d\d UTC/)).toBeVisible();
    await press(page, "Send another mail");
    await expect(page.getByRole("alert")).toHaveText(
      /We have just sent a mail\. Wait (\d+ seconds?|1 minute), then try again\./,
    );
    expect(await mailsTo(who.email)).toHaveLength(1);
  });

  test("a wrong code comes back to be mended", async ({ page, mailFor }) => {
    const who = person();
    await signUpOn(page, who);
    const code = (await mailFor(who.email)).code ?? "";
    await fill(page, { Code: "12 34" });
    await press(page, "Confirm");
    await expect(summary(page)).toContainText("The code is six digits");
    await expect(page.getByLabel("Code", { exact: true })).toHaveValue("12 34");
    await fill(page, { Code: code });
    await press(page, "Confirm");
    await expect(heading(page, "Your account")).toBeVisible();
  });
});

async function secondsShown(page: Page): Promise<number> {
  const [minutes, seconds] = ((await page.locator(".ticking").textContent()) ?? "").split(":").map(Number);
  return (minutes ?? Number.NaN) * 60 + (seconds ?? Number.NaN);
}

/** All the page says, without the address and the ticking. */
async function wordsOf(page: Page, email: string): Promise<string> {
  const words = (await page.locator("main").textContent()) ?? "";
  return words.replaceAll(email, "somebody").replace(/\d:\d\d/, "a while");
}

/** Turns the mail's time back, as the server itself would have signed it. */
async function agePendingMail(context: BrowserContext, server: RunningServer, by: number): Promise<void> {
  const cookie = (await context.cookies()).find(({ name }) => name.endsWith("latchkey_pending_mail"));
  if (!cookie) throw new Error("This browser waits for no mail");
  const value = await agedPendingMail(server, cookie.value, by);
  await context.addCookies([{ ...cookie, value }]);
}
