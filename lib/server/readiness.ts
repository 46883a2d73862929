import { canWrite } from "#db/client.ts";
import { isStopping } from "#lib/lifecycle.ts";

/** Whether this process can do its work: the store takes writes. A full disk or a lock shows in nothing less than a write. */
export const isReady = async (): Promise<boolean> => !isStopping() && (await canWrite());
