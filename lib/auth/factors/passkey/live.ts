import type { Passkey } from "#db/schema.ts";

/** Whether it opens the account, and was not shut out. */
export const isLive = ({ endedAt }: Pick<Passkey, "endedAt">): boolean => endedAt === null;
