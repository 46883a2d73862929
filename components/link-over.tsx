import type { ReactNode } from "react";
import { PageTitle } from "./page-title.tsx";

/** What a mailed link opens that does nothing any more: why, and a way on. */
export function LinkOver({ title, story, children }: { title: string; story: string; children: ReactNode }) {
  return (
    <>
      <PageTitle title={title} />
      <h1>{title}</h1>
      <p>{story}</p>
      <p className="ways">{children}</p>
    </>
  );
}
