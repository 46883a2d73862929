import type { MESSAGES } from "#lib/pages/messages.ts";

const PROBLEMS = ["act_overtaken", "last_admin"] as const satisfies readonly (keyof typeof MESSAGES)[];

/** What the use of a link that is still good can fail with; `?problem=` names it. */
export const problemOf = (value: string | undefined): (typeof PROBLEMS)[number] | undefined =>
  PROBLEMS.find((one) => one === value);
