import { withToken } from "#lib/mail/mailed-link.ts";
/** Where one asks for no more invitations, by the token of any that was mailed. */
export const stopPage = (token: string): string => withToken("/invitation/stop", token);
