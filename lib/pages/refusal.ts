import { unstable_rethrow } from "next/navigation";
import { AuthError, type AuthErrorCode, troubleOf } from "#lib/auth/errors.ts";
import { describeError, log } from "#lib/log.ts";
import type { FormState } from "./forms/form-state.ts";
import { typedValues } from "./forms/read-form.ts";
import { MESSAGES, OUR_FAULT, waitSentence } from "./messages.ts";
import { requestId } from "./session.ts";

/** Which field a refusal is about, and the page's own words for it where it has plainer ones. */
export type Blame = Partial<Record<AuthErrorCode, { field: string; message?: string }>>;

/** Whatever is wrong with a mailed code is said at its field, in one sentence for all. */
export const CODE_TO_BLAME: Blame = {
  account_not_found: { field: "code", message: MESSAGES.code_wrong },
  already_verified: { field: "code" },
  code_wrong: { field: "code" },
  code_dead: { field: "code" },
};

/**
 * What a form shows after the core refused: the message at the field to blame, or above the form. A fault of ours is
 * logged and shown by its id: an error page would cost people what they typed.
 */
export async function refused(error: unknown, form: FormData, blame: Blame = {}): Promise<FormState> {
  const values = typedValues(form);
  if (troubleOf(error)) return { errors: {}, problem: MESSAGES.busy, values, keepPasswords: true };
  if (!(error instanceof AuthError)) {
    unstable_rethrow(error);
    const id = await requestId();
    log.error("action_failed", { id, ...describeError(error) });
    return { errors: {}, problem: `${OUR_FAULT} ${id}`, values, keepPasswords: true };
  }
  const to = blame[error.code];
  const message = to?.message ?? MESSAGES[error.code];
  if (to) return { errors: { [to.field]: message }, values };
  const wait = error.code === "too_many_tries" ? ` ${waitSentence(error.retryAfter ?? 60)}` : "";
  // Too early or too busy says nothing against what was typed.
  const keepPasswords = error.code === "too_many_tries" || error.code === "busy";
  return { errors: {}, problem: message + wait, values, keepPasswords };
}
