import { cookies } from "next/headers";
import { env } from "#lib/env.ts";
import { parseTyped, type Typed, typedCookie } from "./forms/typed-before.ts";

/** What this browser typed into a form that had to be opened anew. */
export async function typedBefore(): Promise<Typed | undefined> {
  return parseTyped((await cookies()).get(typedCookie(env().APP_URL.startsWith("https:")))?.value);
}
