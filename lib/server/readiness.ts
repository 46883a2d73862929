import { canWrite } from "#db/client.ts";
import { isStopping } from "#lib/lifecycle.ts";

/** Whether this process can do its work: the store takes writes. Only a real write shows a full disk or a lock. */
export const isReady = async (): Promise<boolean> => !isStopping() && (await canWrite());
