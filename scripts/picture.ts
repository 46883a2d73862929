import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { type Browser, chromium, type Page } from "playwright";
import { dispose, launchServer } from "#e2e/fixtures/server.ts";
import { findBrowser } from "./browser.ts";
import { build } from "./build.ts";

/** Makes the picture of README.md anew: screenshots of a production server of its own, and of people who do not exist. */

const PICTURE = "docs/pictures/pages.webp";
const ADA = { email: "ada@example.com", password: "seven wild plums at noon" };
const LAPTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";
const PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Mobile/15E148 Safari/604.1";

await build();
const server = await launchServer();
const browser = await chromium.launch({ executablePath: await findBrowser(), args: ["--no-sandbox"] });
try {
  mkdirSync(dirname(PICTURE), { recursive: true });
  writeFileSync(PICTURE, await composed(browser, await shots()));
} finally {
  await browser.close();
  await dispose(server);
}

/** The pages, in the columns they are shown in. */
async function shots(): Promise<Buffer[][]> {
  const laptop = await visitor(LAPTOP, "203.0.113.20", "light");
  const phone = await visitor(PHONE, "198.51.100.7", "dark");
  const logIn = [await shot(laptop, "/login"), await shot(phone, "/login")];
  await submit(laptop, "/sign-up", ADA, "Create account");
  const checkMail = await shot(laptop);
  const [mail] = await (await fetch(`${server.url}/dev/mailbox/messages?to=${ADA.email}`)).json();
  await submit(laptop, mail.link, {}, "Confirm this address");
  await submit(phone, "/login", ADA, "Log in");
  await submit(laptop, "/invite", { email: "grace@example.com" }, "Send the invitation");
  return [logIn, [checkMail], [await shot(laptop, "/account/sessions")], [await shot(laptop, "/invite")]];
}

function visitor(userAgent: string, address: string, colorScheme: "light" | "dark"): Promise<Page> {
  const viewport = { width: 360, height: 300 };
  const extraHTTPHeaders = { "x-forwarded-for": address };
  const size = { viewport, deviceScaleFactor: 2, locale: "en-GB" };
  // The pages' own policy allows no style from elsewhere, and `shot` brings one.
  return browser.newPage({ ...size, baseURL: server.url, userAgent, colorScheme, extraHTTPHeaders, bypassCSP: true });
}

async function submit(page: Page, path: string, fields: Record<string, string>, button: string): Promise<void> {
  await page.goto(path, { waitUntil: "networkidle" });
  for (const [name, value] of Object.entries(fields)) await page.locator(`input[name=${name}]`).fill(value);
  const done = page.waitForURL((url) => url.href !== new URL(path, server.url).href);
  await Promise.all([done, page.getByRole("button", { name: button, exact: true }).click()]);
}

/** Without the line by which a server that sends no mail says so. */
async function shot(page: Page, path = page.url()): Promise<Buffer> {
  await page.goto(path, { waitUntil: "networkidle" });
  return page.screenshot({ fullPage: true, style: ".local-mail { display: none }" });
}

/** Side by side and on no background, since GitHub has a light one and a dark one. */
async function composed(browser: Browser, columns: Buffer[][]): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 100 }, deviceScaleFactor: 2 });
  const image = (png: Buffer) => `<img src="data:image/png;base64,${png.toString("base64")}">`;
  await page.setContent(`<style>body { margin: 0; display: flex; gap: 20px; align-items: start }
    div { flex: 1; max-height: 882px; overflow: hidden; border-radius: 14px }
    img { width: 100%; display: block; margin-bottom: 20px; border-radius: 14px; outline: 1px solid #8886; outline-offset: -1px }
    div > :last-child { margin: 0 }</style>${columns.map((column) => `<div>${column.map(image).join("")}</div>`).join("")}`);
  const png = await page.screenshot({ fullPage: true, omitBackground: true });
  const webp = await page.evaluate(
    async (source) => {
      const bitmap = await createImageBitmap(await (await fetch(source)).blob());
      const canvas = Object.assign(document.createElement("canvas"), { width: bitmap.width, height: bitmap.height });
      canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
      return canvas.toDataURL("image/webp", 0.72);
    },
    `data:image/png;base64,${png.toString("base64")}`,
  );
  return Buffer.from(webp.split(",")[1] ?? "", "base64");
}
