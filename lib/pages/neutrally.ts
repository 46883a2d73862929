import { AuthError, type AuthErrorCode } from "#lib/auth/errors.ts";

const WOULD_TELL: readonly AuthErrorCode[] = ["account_not_found", "already_verified"];

/** Waits for a request for mail, and takes "nobody has this address" for done: pages tell nobody who has an account. */
export async function neutrally<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (!(error instanceof AuthError && WOULD_TELL.includes(error.code))) throw error;
    return undefined;
  }
}
