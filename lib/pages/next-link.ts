import { safeNextPath } from "./next-path.ts";

const USUAL = safeNextPath(undefined);

/** `path` with where to go on to afterwards, left out where it is the usual place or none of ours. */
export function withNext(path: string, next: string | undefined): string {
  const safe = safeNextPath(next);
  return safe === USUAL ? path : `${path}?next=${encodeURIComponent(safe)}`;
}

/** The `next` a form carries along in a hidden field. */
export function nextOf(form: FormData): string {
  const value = form.get("next");
  return safeNextPath(typeof value === "string" ? value : undefined);
}
