import { TOKEN_NAME } from "#lib/mail/mailed-link.ts";

/** Carries a mailed link's token along in a form. */
export function TokenField({ token }: { token: string }) {
  return <input type="hidden" name={TOKEN_NAME} value={token} />;
}
