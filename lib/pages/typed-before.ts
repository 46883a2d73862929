import { cookies } from "next/headers";
import { env } from "#lib/env.ts";
import { typedValues } from "./forms/read-form.ts";
import { KEPT_SECONDS, parseTyped, type Typed, typedCookie } from "./forms/typed-before.ts";

/** What this browser typed into a form that had to be opened anew. */
export async function typedBefore(): Promise<Typed | undefined> {
  return parseTyped((await cookies()).get(name())?.value);
}

/** In a server action: keeps what was typed into the form of this page for when somebody comes back to it. */
export async function keepTyped(path: string, form: FormData): Promise<void> {
  const value = JSON.stringify({ path, values: typedValues(form) } satisfies Typed);
  // Not HttpOnly, or a script of the page could not keep what is typed after it.
  const kept = { path: "/", maxAge: KEPT_SECONDS, sameSite: "strict", secure: isSecure() } as const;
  (await cookies()).set(name(), value, kept);
}

/** In a server action: what was typed has been taken. */
export async function forgetTyped(): Promise<void> {
  (await cookies()).set(name(), "", { path: "/", maxAge: 0, sameSite: "strict", secure: isSecure() });
}

const isSecure = (): boolean => env().APP_URL.startsWith("https:");
const name = (): string => typedCookie(isSecure());
