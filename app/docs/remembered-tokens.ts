import { useSyncExternalStore } from "react";
import type { Answered } from "./call.ts";

type Tokens = { bearer: string; token: string };

/** Kept in this page's memory alone: gone with it, and nowhere for another script or person to find. */
let tokens: Tokens = { bearer: "", token: "" };
const listeners = new Set<() => void>();

/** The newest token of this kind that an answer held. */
export function useRememberedToken(kind: keyof Tokens | null): string {
  return useSyncExternalStore(
    subscribe,
    () => (kind ? tokens[kind] : ""),
    () => "",
  );
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Keeps what a log-in or sign-up answered, wherever its contract puts it. */
export function rememberTokens({ status, value }: Answered): void {
  if (status !== 200 || typeof value !== "object" || value === null) return;
  const { accessToken, data, session } = value as Record<string, unknown>;
  tokens = {
    bearer: textOr(accessToken ?? within(data), tokens.bearer),
    token: textOr(isLogIn(session) ? undefined : within(session), tokens.token),
  };
  for (const listener of listeners) listener();
}

const within = (value: unknown): unknown => (value as { token?: unknown } | undefined)?.token;
/** A log-in's token goes into bodies, never into the header. */
const isLogIn = (session: unknown): boolean => (session as { session_type?: unknown } | undefined)?.session_type === 0;
const textOr = (value: unknown, fallback: string): string => (typeof value === "string" && value ? value : fallback);
