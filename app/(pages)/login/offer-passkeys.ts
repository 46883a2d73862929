"use client";

import { canOfferPasskeys, endCeremony, offerPasskeys } from "#components/ceremony.ts";
import type { ToShow } from "#lib/pages/ceremony-answer.ts";
import { beginLogInAction } from "./passkey/action.ts";

export type Chosen = { signed: { id: string }; options: ToShow };

/** A challenge is good for ten minutes (lib/auth/factors/passkey/ceremonies.ts); a page that stays open asks for a fresh one before. */
const FRESH_FOR = 5 * 60_000;

/**
 * Offers passkeys where the browser fills the address in, until one is chosen or it is `over`. Says nothing where that cannot be: nobody
 * has asked for it. A refusal ends it, so that a page never goes round in circles.
 */
export async function offerUntil(over: AbortSignal): Promise<Chosen | undefined> {
  if (!(await canOfferPasskeys())) return undefined;
  while (!over.aborted) {
    // Nobody chooses anything in a tab that is not looked at, and its challenges would be made for nothing.
    await untilSeen(over);
    const asked = over.aborted ? undefined : await beginLogInAction();
    if (!asked || over.aborted || "problem" in asked) return undefined;
    const signed = await offerFor(FRESH_FOR, asked.options);
    if (signed === "refused") return undefined;
    if (signed !== "old") return { signed, options: asked.options };
  }
  return undefined;
}

async function offerFor(ms: number, options: ToShow): Promise<{ id: string } | "old" | "refused"> {
  let isOld = false;
  const timer = setTimeout(() => {
    isOld = true;
    endCeremony();
  }, ms);
  try {
    return await offerPasskeys(options);
  } catch {
    return isOld ? "old" : "refused";
  } finally {
    clearTimeout(timer);
  }
}

function untilSeen(over: AbortSignal): Promise<void> {
  if (!document.hidden || over.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    document.addEventListener("visibilitychange", () => resolve(), { once: true, signal: over });
    over.addEventListener("abort", () => resolve(), { once: true });
  });
}
