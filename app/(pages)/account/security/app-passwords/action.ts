"use server";

import { redirect } from "next/navigation";
import { hideShown } from "#lib/pages/shown-once.ts";

export async function appPasswordSavedAction(): Promise<void> {
  await hideShown("app-password");
  redirect("/account/security");
}
