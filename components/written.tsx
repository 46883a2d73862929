import type { ReactNode } from "react";

/** What somebody else wrote, as they wrote it: it turns no text round but its own, and however long it is it breaks. */
export const Written = ({ children }: { children: ReactNode }) => <bdi className="written">{children}</bdi>;
