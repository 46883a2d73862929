import type { ReactNode } from "react";
import { Frame } from "#components/frame.tsx";
import { TypedBefore } from "#components/typed-before.tsx";
import { WayToAccount } from "#components/way-to-account.tsx";
import { typedBefore } from "#lib/pages/typed-before.ts";

export default async function PagesLayout({ children }: { children: ReactNode }) {
  return (
    <TypedBefore typed={await typedBefore()}>
      <Frame aside={<WayToAccount />}>{children}</Frame>
    </TypedBefore>
  );
}
