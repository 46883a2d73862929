import { randomBytes } from "node:crypto";

/** 128 random bits, spelt like a UUID as the users contract has it; a real one spends six of them on its version. */
export const randomToken = (): string =>
  randomBytes(16)
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
