import AxeBuilder from "@axe-core/playwright";
import { expect, fill, heading, person, press, signUpOn, summary, test } from "#e2e/fixtures/pages.ts";
import { runScript } from "#e2e/fixtures/store.ts";

test("a fault of ours is told by the id its log line has, without details, and costs nothing typed", async ({
  page,
  browser,
  startServer,
}) => {
  test.slow();
  const server = await startServer();
  const withJavaScript = await browser.newPage({ baseURL: server.url });
  const without = await browser.newPage({ baseURL: server.url, javaScriptEnabled: false });
  const who = person();
  await signUpOn(withJavaScript, who);
  const [mail] = await (await fetch(`${server.url}/dev/mailbox/messages?to=${who.email}`)).json();
  for (const one of [withJavaScript, without]) await one.goto("/forgot-password");
  await runScript(server, "alter table limits rename to limits_gone; alter table challenges rename to gone");

  for (const one of [withJavaScript, without]) {
    await fill(one, { "E-mail address": who.email });
    await press(one, "Send the mail");
    await expect(summary(one)).toContainText("Something went wrong on our side");
    await expect(one.getByLabel("E-mail address")).toHaveValue(who.email);
    const id = /[0-9a-f-]{36}/.exec((await summary(one).textContent()) ?? "")?.[0];
    expect(server.log()).toContainEqual(expect.objectContaining({ event: "action_failed", id }));
    expect(await one.content()).not.toContain("no such table");
  }

  for (const one of [withJavaScript, without]) {
    expect((await one.goto(mail.link))?.status()).toBe(500);
    await expect(heading(one, "Something went wrong on our side")).toBeVisible();
    const id = (await one.locator(".reference").textContent()) ?? "";
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(server.log()).toContainEqual(expect.objectContaining({ event: "page_failed", id }));
    expect(await one.content()).not.toContain("no such table");
    expect(await one.locator("main").evaluate((card) => getComputedStyle(card).backgroundColor)).not.toBe(
      "rgba(0, 0, 0, 0)",
    );
  }
  expect((await new AxeBuilder({ page: withJavaScript }).setLegacyMode(true).analyze()).violations).toEqual([]);
  await runScript(server, "alter table limits_gone rename to limits; alter table gone rename to challenges");
  for (const one of [withJavaScript, without]) {
    await one.getByRole("link", { name: "Try again" }).click();
    await expect(heading(one, "Confirm your address")).toBeVisible();
  }
  await Promise.all([withJavaScript.close(), without.close(), page.close()]);
});
