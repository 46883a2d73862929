/** Where one asks for no more invitations, by the token of any that was mailed. */
export const stopPage = (token: string): string => `/invitation/stop?authToken=${encodeURIComponent(token)}`;
