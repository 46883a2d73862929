/** @jsxImportSource react */
// The pragma names React for test runners that bring a JSX runtime of their own; it says nothing new to Next.

import type { ReactElement, ReactNode } from "react";
import { Body, Button, Container, Head, Heading, Hr, Html, Link, renderWhiteSpace, Section, Text } from "react-email";

/** What a template gives: the rest of the mail is made from it (lib/mail/compose.ts). */
export type Letter = { subject: string; body: ReactElement };

// The pages' colours (app/globals.css), since a mail should look like where it leads.
const paper = "#f3eee2";
const plate = "#fffdf7";
const ink = "#1c2422";
const inkSoft = "#545d58";
const line = "#ddd5c3";
const brass = "#6f4f0e";
const brassMetal = "#b98d3e";
const key = "#1f2f2b";
const onKey = "#fdf7e8";

// Mail programs that know no media queries keep the inline colours; the others get these on a dark screen.
const styles = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
.paper { background-color: ${paper}; }
@media (prefers-color-scheme: dark) {
  .paper { background-color: #131716 !important; }
  .plate { background-color: #1b211f !important; border-color: #333b38 !important; border-top-color: #c79a49 !important; }
  .ink { color: #efe9dc !important; }
  .soft { color: #adb3a8 !important; }
  .button { background-color: #dfb964 !important; color: #1d1605 !important; }
  .link { color: #e2be70 !important; }
  .code { background-color: #131716 !important; border-color: #333b38 !important; color: #efe9dc !important; }
  .line { border-color: #333b38 !important; }
}`;

const text = "system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif";
const display = "ui-serif, Iowan Old Style, Palatino Linotype, Palatino, Georgia, serif";
const mono = "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace";

/** The sheet every mail is written on. `preheader` is what an inbox shows beside the subject. */
export function Sheet({
  subject,
  preheader,
  heading,
  why,
  children,
}: {
  subject: string;
  preheader: string;
  heading: string;
  why: string;
  children: ReactNode;
}) {
  return (
    <Html lang="en" dir="ltr">
      <Head>
        <title>{subject}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <style>{styles}</style>
      </Head>
      <Body className="paper" style={{ margin: 0, padding: 0, fontFamily: text }}>
        <Preheader>{preheader}</Preheader>
        <Section className="paper" style={{ backgroundColor: paper, padding: "24px 12px" }}>
          <Container style={{ maxWidth: "560px", margin: "0 auto" }}>
            <Text
              className="ink"
              style={{ color: ink, fontFamily: display, fontSize: "20px", fontWeight: 600, margin: "0 0 14px 4px" }}
            >
              Latchkey
            </Text>
            <Section
              className="plate"
              style={{
                backgroundColor: plate,
                border: `1px solid ${line}`,
                borderTop: `3px solid ${brassMetal}`,
                borderRadius: "12px",
                padding: "28px 24px",
              }}
            >
              <Heading
                as="h1"
                className="ink"
                style={{
                  color: ink,
                  fontFamily: display,
                  fontSize: "25px",
                  lineHeight: "32px",
                  fontWeight: 600,
                  margin: "0 0 14px",
                }}
              >
                {heading}
              </Heading>
              {children}
            </Section>
            <Text
              className="soft"
              style={{ color: inkSoft, fontSize: "13px", lineHeight: "20px", margin: "16px 4px 0" }}
            >
              {why}
            </Text>
          </Container>
        </Section>
      </Body>
    </Html>
  );
}

// What an inbox shows beside the subject. The library's own Preview would make it the document's title as well.
function Preheader({ children }: { children: string }) {
  return (
    <div
      data-skip-in-text="true"
      style={{ display: "none", overflow: "hidden", lineHeight: "1px", opacity: 0, maxHeight: 0, maxWidth: 0 }}
    >
      {children}
      {renderWhiteSpace(children)}
    </div>
  );
}

export function Paragraph({ children }: { children: ReactNode }) {
  return (
    <Text className="ink" style={{ color: ink, fontSize: "16px", lineHeight: "25px", margin: "0 0 16px" }}>
      {children}
    </Text>
  );
}

/** A value that is to be read letter by letter: an address, a name. It breaks only where a line cannot hold it whole. */
export function Exactly({ children }: { children: string }) {
  return <strong style={{ display: "inline-block", maxWidth: "100%", overflowWrap: "anywhere" }}>{children}</strong>;
}

export function MainLink({ href, children }: { href: string; children: string }) {
  return (
    <Section style={{ margin: "4px 0 20px" }}>
      <Button
        className="button"
        href={href}
        style={{
          backgroundColor: key,
          borderRadius: "8px",
          color: onKey,
          fontSize: "16px",
          fontWeight: 600,
          padding: "14px 22px",
          textAlign: "center",
        }}
      >
        {children}
      </Button>
    </Section>
  );
}

export function TextLink({ href, children }: { href: string; children: string }) {
  return (
    <Link className="link" href={href} style={{ color: brass, textDecoration: "underline" }}>
      {children}
    </Link>
  );
}

/** The six digits in two groups of three, which is how people read them out and how our pages take them. */
export function Code({ children }: { children: string }) {
  return (
    <Section style={{ margin: "0 0 16px" }}>
      <Text
        className="code"
        style={{
          backgroundColor: paper,
          border: `1px solid ${line}`,
          borderRadius: "8px",
          color: ink,
          fontFamily: mono,
          fontSize: "28px",
          lineHeight: "36px",
          letterSpacing: "3px",
          margin: 0,
          padding: "10px 16px",
          textAlign: "center",
        }}
      >
        {`${children.slice(0, 3)} ${children.slice(3)}`}
      </Text>
    </Section>
  );
}

export function Aside({ children }: { children: ReactNode }) {
  return (
    <>
      <Hr className="line" style={{ borderColor: line, margin: "8px 0 16px" }} />
      <Text className="soft" style={{ color: inkSoft, fontSize: "14px", lineHeight: "22px", margin: 0 }}>
        {children}
      </Text>
    </>
  );
}
