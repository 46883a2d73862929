/** What a contract is to somebody who knows only what their program's settings say: the path it logs in at. */
const WORDS: Record<string, string> = {
  auth: "the auth contract (/auth/login)",
  users: "the users contract (/api/users/login)",
  flat: "the flat contract (/api/user_login)",
};

export const doorInWords = (door: string): string => WORDS[door] ?? door;
