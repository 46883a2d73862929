import type { ReactNode } from "react";
import { Brand } from "#components/brand.tsx";
import styles from "./mailbox.module.css";

/** As the pages' frame, but wide enough for a mail. */
export function MailboxFrame({ children }: { children: ReactNode }) {
  return (
    <div className="frame">
      <header className="top">
        <Brand />
      </header>
      <main className={styles.mailbox}>{children}</main>
    </div>
  );
}
