import { expect, fill, heading, interactive, person, press, signUpOn, summary, test } from "#e2e/fixtures/pages.ts";

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("what is wrong is listed at the top, has the focus, and comes first in the title", async ({ page }) => {
      await page.goto("/sign-up");
      if (javaScriptEnabled) await interactive(page);
      await expect(page).toHaveTitle("Create your account · Latchkey");
      await fill(page, { "E-mail address": "not an address", Password: "short" });
      await press(page, "Create account");
      await expect(summary(page)).toBeFocused();
      await expect(page).toHaveTitle("Error: Create your account · Latchkey");
      await expect(summary(page).getByRole("link")).toHaveText([
        "Enter an e-mail address like name@example.com.",
        "This password is too short: it needs at least 8 characters.",
      ]);
      await expect(page.getByLabel("E-mail address")).toHaveValue("not an address");
    });

    test("what the server refuses is told alike, keeps what was typed, and drops the password", async ({ page }) => {
      const { email } = person();
      await page.goto("/sign-up");
      if (javaScriptEnabled) await interactive(page);
      await fill(page, { "E-mail address": email, Password: "password123" });
      await press(page, "Create account");
      await expect(summary(page)).toBeFocused();
      await expect(summary(page).getByRole("link")).toHaveText(["This password is too common. Choose another."]);
      await expect(page).toHaveTitle(/^Error: /);
      await expect(page.getByLabel("E-mail address")).toHaveValue(email);
      await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
      expect(await page.content()).not.toContain("password123");
    });

    test("an unknown address and a wrong password read alike", async ({ page, newMember }) => {
      const { email } = await newMember();
      const said: (string | null)[] = [];
      for (const one of [email, person().email]) {
        await page.goto("/login");
        await fill(page, { "E-mail address": one, Password: "not the one" });
        await press(page, "Log in");
        await expect(page.getByLabel("E-mail address")).toHaveValue(one);
        said.push(await summary(page).textContent());
      }
      expect(said[0]).toContain("Wrong e-mail address or password");
      expect(said[0]).toBe(said[1]);
    });

    test("too many tries are told with how long to wait, whatever door they came through", async ({
      page,
      api,
      newMember,
    }) => {
      const { email, password } = await newMember();
      for (let tries = 0; tries < 10; tries++) await api.post("/auth/login", { email, password: "not the one" });
      await page.goto("/login");
      await fill(page, { "E-mail address": email, Password: password });
      await press(page, "Log in");
      await expect(summary(page)).toContainText(/Too many tries\. Wait \d+ (seconds|minutes?), then try again\./);
      await expect(page.getByLabel("E-mail address")).toHaveValue(email);
      if (javaScriptEnabled) await expect(page.getByLabel("Password", { exact: true })).toHaveValue(password);
    });
  });

test("a message goes as soon as what it is about is mended", async ({ page }) => {
  await page.goto("/sign-up");
  await press(page, "Create account");
  await expect(summary(page).getByRole("link")).toHaveCount(2);
  await fill(page, { "E-mail address": person().email });
  await expect(summary(page).getByRole("link")).toHaveText(["Choose a password."]);
  await fill(page, { Password: person().password });
  await expect(summary(page)).toBeHidden();
  await expect(page).toHaveTitle("Create your account · Latchkey");
});

test("pressed twice, a form is sent once, and its button says that it is busy", async ({ page }) => {
  await page.goto("/login");
  await interactive(page);
  let posts = 0;
  const { email } = person();
  await page.route("**/login", async (route) => {
    // The page asks for a passkey's challenge by a post too.
    if (route.request().postData()?.includes(email)) posts++;
    await route.continue();
  });
  await fill(page, { "E-mail address": email, Password: "not the one" });
  const states = page.evaluate(
    () =>
      new Promise<string[]>((resolve) => {
        const button = document.querySelector("main form button[type=submit]") as HTMLButtonElement;
        const seen: string[] = [];
        new MutationObserver(() => {
          seen.push(`${button.disabled} ${button.ariaBusy}`);
          if (seen.length > 1 && !button.disabled) resolve(seen);
        }).observe(button, { attributes: true });
      }),
  );
  await page.getByRole("button", { name: "Log in", exact: true }).dblclick();
  await expect(summary(page)).toBeVisible();
  expect(posts).toBe(1);
  expect(await states).toContain("true true");
});

test("a server out of reach costs nothing that was typed", async ({ page, context, newMember }) => {
  const { email, password } = await newMember();
  await page.goto("/login");
  await interactive(page);
  await fill(page, { "E-mail address": email, Password: password });
  await context.setOffline(true);
  await press(page, "Log in");
  await expect(summary(page)).toContainText("The server did not answer");
  await expect(page.getByLabel("Password", { exact: true })).toHaveValue(password);
  await context.setOffline(false);
  await press(page, "Log in");
  await expect(heading(page, "Your account")).toBeVisible();
});

test("a form that the server would not even read says why, and costs nothing that was typed", async ({
  page,
  newMember,
}) => {
  const { email, password } = await newMember();
  await page.goto("/login");
  await interactive(page);
  await fill(page, { "E-mail address": email, Password: password });
  await page.route("/login", (route) => route.continue({ postData: Buffer.alloc(1024 * 1024 + 1) }), { times: 1 });
  await press(page, "Log in");
  await expect(summary(page)).toContainText("The server did not take this: This form is too large");
  await expect(page.getByLabel("Password", { exact: true })).toHaveValue(password);
  await press(page, "Log in");
  await expect(heading(page, "Your account")).toBeVisible();
});

test("the log-in form is worked by the keyboard alone", async ({ page, newMember }) => {
  const { email, password } = await newMember();
  await page.goto("/login");
  await interactive(page);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Latchkey" })).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.type(email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(password);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Show password" })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Log in", exact: true })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(heading(page, "Your account")).toBeVisible();
});

test("a page that is not there says so", async ({ page }) => {
  expect((await page.goto("/no-such-page"))?.status()).toBe(404);
  await expect(heading(page, "Page not found")).toBeVisible();
});

test("the page for faults of ours is none that one can ask for", async ({ server }) => {
  for (const path of ["/_global-error", "/_global-error/", "/_global%2Derror", "/_global-error?_rsc=1"]) {
    const answer = await fetch(server.url + path, { headers: { accept: "text/html" } });
    expect(answer.status, path).toBe(404);
    expect(await answer.text()).toContain("Page not found");
  }
});

test("a form sent from another site is refused", async ({ api, page }) => {
  await signUpOn(page, person());
  const html = (await api.get("/login")).text;
  const fields = [...html.matchAll(/<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?/g)];
  const form = new FormData();
  for (const [, name = "", value = ""] of fields) form.set(name, value.replaceAll("&quot;", '"'));
  form.set("email", "someone@example.com");
  form.set("password", "whatever");
  const answer = await fetch(new URL("/login", page.url()), {
    method: "POST",
    body: form,
    headers: { origin: "https://elsewhere.example.com" },
  });
  expect(answer.status).toBeGreaterThanOrEqual(400);
});
