import { expect, fill, heading, person, press, signUpOn, summary, test } from "#e2e/fixtures/pages.ts";
import { inStore } from "#e2e/fixtures/store.ts";

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
  inStore(server, (db) => db.exec("alter table limits rename to limits_gone; alter table challenges rename to gone"));

  for (const one of [withJavaScript, without]) {
    await fill(one, { "E-mail address": who.email });
    await press(one, "Send the mail");
    await expect(summary(one)).toContainText("Something broke on our side");
    await expect(one.getByLabel("E-mail address")).toHaveValue(who.email);
    const id = /[0-9a-f-]{36}/.exec((await summary(one).textContent()) ?? "")?.[0];
    expect(server.log()).toContainEqual(expect.objectContaining({ event: "action_failed", id }));
    expect(await one.content()).not.toContain("no such table");
  }

  expect((await withJavaScript.goto(mail.link))?.status()).toBe(500);
  await expect(heading(withJavaScript, "Something broke on our side")).toBeVisible();
  const reference = withJavaScript.locator(".reference");
  await expect(reference).toHaveText(/^[0-9a-f-]{36} \/ \d+/);
  const [id] = ((await reference.textContent()) ?? "").split(" / ");
  expect(server.log()).toContainEqual(expect.objectContaining({ event: "page_failed", id }));
  expect(await withJavaScript.content()).not.toContain("no such table");
  await Promise.all([withJavaScript.close(), without.close(), page.close()]);
});
