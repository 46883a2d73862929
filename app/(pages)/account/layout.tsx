import type { ReactNode } from "react";
import { AccountNav } from "#components/account-nav.tsx";
import { currentRole } from "#lib/pages/operator.ts";

export default async function AccountLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <AccountNav hasConsole={(await currentRole()) !== undefined} />
      {children}
    </>
  );
}
