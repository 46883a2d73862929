import type { Role } from "#lib/auth/operators/roles.ts";

export const ROLE_WORDS: Record<Role, string> = { support: "Support", admin: "Admin" };
