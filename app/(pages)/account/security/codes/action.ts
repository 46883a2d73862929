"use server";

import { redirect } from "next/navigation";
import { hideShown } from "#lib/pages/shown-once.ts";

export async function codesSavedAction(): Promise<void> {
  await hideShown("recovery-codes");
  redirect("/account/security");
}
