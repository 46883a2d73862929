import { eq } from "drizzle-orm";
import { db } from "./client.ts";
import { mailRefusals } from "./schema.ts";

export async function refusesMail(email: string): Promise<boolean> {
  const rows = await db().select().from(mailRefusals).where(eq(mailRefusals.email, email)).limit(1);
  return rows.length === 1;
}

export async function insertMailRefusal(email: string, now: number): Promise<void> {
  await db().insert(mailRefusals).values({ email, createdAt: now }).onConflictDoNothing();
}
