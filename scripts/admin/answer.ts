/** What the command says: in words, and as data for `--json`. */
export type Answer = { said: string; data: object };
