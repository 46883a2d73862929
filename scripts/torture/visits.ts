import { type Answer, api } from "#e2e/fixtures/api.ts";
import { mailFor } from "#e2e/fixtures/mailbox.ts";
import { clientAddress, type Person, person } from "#e2e/fixtures/person.ts";
import type { RunningServer } from "#e2e/fixtures/server.ts";

export type Timed = { status: number; time: number };

/** Somebody new signs up, from an address of their own, since limits count by address. */
export async function signUp({ url }: Pick<RunningServer, "url">): Promise<Person & Timed> {
  const who = person();
  const { status, time } = await timed(`${url}/auth/signup`, { email: who.email, password: who.password });
  return { ...who, status, time };
}

/** Asks once, from an address of its own, and says how long the whole answer took. Status 0: there was none. */
export async function timed(url: string, body?: object, headers: Record<string, string> = {}): Promise<Timed> {
  const began = performance.now();
  const status = await fetch(url, {
    method: body ? "POST" : "GET",
    redirect: "manual",
    headers: { "x-forwarded-for": clientAddress(), ...(body && { "content-type": "application/json" }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.status;
    },
    () => 0,
  );
  return { status, time: performance.now() - began };
}

/** Somebody whose address is proved, with their tokens. */
export async function member(
  server: Pick<RunningServer, "url">,
): Promise<Person & { accessToken: string; refreshToken: string }> {
  const call = api(server.url, { "x-forwarded-for": clientAddress() });
  const who = person();
  await call.post("/auth/signup", { email: who.email, password: who.password });
  const { link } = await mailFor(server.url)(who.email, { within: 60_000 });
  const { body }: Answer = await call.post("/verify", { authToken: new URL(link ?? "").searchParams.get("authToken") });
  return { ...who, accessToken: body.accessToken, refreshToken: body.refreshToken };
}

/** Calls the server again and again until stopped, one call after the other, and keeps how long each took. */
export function watch(ask: () => Promise<Timed>): { stop: () => Promise<Timed[]> } {
  const seen: Timed[] = [];
  let isOn = true;
  const done = (async () => {
    while (isOn) seen.push(await ask());
  })();
  return {
    stop: async () => {
      isOn = false;
      await done;
      return seen;
    },
  };
}
