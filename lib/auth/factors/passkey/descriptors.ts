import type { Passkey } from "#db/schema.ts";

/** A passkey as a browser looks for it, among those on its devices. */
export type Descriptor = { id: string; transports: string[] };

export const described = (passkeys: readonly Passkey[]): Descriptor[] =>
  passkeys.map(({ id, transports }) => ({ id, transports: transports.split(" ").filter(Boolean) }));
