"use client";

import { Frame } from "#components/frame.tsx";
import { OurFault } from "#components/our-fault.tsx";
import "./globals.css";

/** Where the root layout itself failed, this stands in for it. */
export default function GlobalError(props: { error: unknown; retry: () => void }) {
  return (
    <html lang="en">
      <body>
        <Frame>
          <OurFault {...props} />
        </Frame>
      </body>
    </html>
  );
}
