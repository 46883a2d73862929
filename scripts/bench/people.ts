import { type Api, api } from "#e2e/fixtures/api.ts";
import { mailFor } from "#e2e/fixtures/mailbox.ts";
import { clientAddress, type Person, person } from "#e2e/fixtures/person.ts";
import { Visitor } from "#e2e/fixtures/visitor.ts";
import type { Client } from "./load.ts";

/** Somebody who has an account and a session, and the ways in which they call. */
export type Someone = { logsIn: Client; asksWho: Client; refreshes: Client };

/** Signs up this many people, each from an address of their own, as limits count by address. */
export async function people(url: string, howMany: number): Promise<Someone[]> {
  return Promise.all(Array.from({ length: howMany }, () => someone(url)));
}

async function someone(url: string): Promise<Someone> {
  const who = person();
  const from = { "x-forwarded-for": clientAddress() };
  const call = api(url, from);
  await signUpAndVerify(url, call, who);
  const { body } = await call.post("/api/auth/login", { email: who.email, password: who.password });
  return {
    logsIn: { headers: from, body: { email: who.email, password: who.password } },
    asksWho: { headers: { ...from, authorization: `Bearer ${body.accessToken}` } },
    refreshes: { headers: from, body: { refreshToken: body.refreshToken } },
  };
}

/** Signs up this many people and in to the pages, and returns how their browsers ask for one. */
export async function visitors(url: string, howMany: number): Promise<Client[]> {
  return Promise.all(Array.from({ length: howMany }, () => visitor(url)));
}

async function visitor(url: string): Promise<Client> {
  const who = person();
  const from = { "x-forwarded-for": clientAddress() };
  await signUpAndVerify(url, api(url, from), who);
  const browser = new Visitor(url, from);
  const { status } = await browser.submit("/login", "Log in", { email: who.email, password: who.password });
  if (status !== 303) throw new Error(`Nobody to measure with: logging in answered ${status}`);
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  return { headers: { ...from, cookie } };
}

async function signUpAndVerify(url: string, call: Api, { email, password }: Person): Promise<void> {
  await call.post("/api/auth/signup", { email, password });
  const { link } = await mailFor(url)(email, { within: 60_000 });
  const authToken = new URL(link ?? "").searchParams.get("authToken");
  const { status } = await call.post("/api/auth/verify", { authToken });
  if (status !== 200) throw new Error(`Nobody to measure with: verifying answered ${status}`);
}
