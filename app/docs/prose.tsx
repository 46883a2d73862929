import type { ReactNode } from "react";

/** The little Markdown that descriptions are written in: paragraphs, lists and `code`. */
export function Prose({ markdown }: { markdown: string }) {
  return markdown
    .split(/\n{2,}/)
    .filter(Boolean)
    .map((block) => <Block key={block} block={block} />);
}

function Block({ block }: { block: string }) {
  if (!block.startsWith("- ")) return <p>{inline(block)}</p>;
  return (
    <ul className="prose-list">
      {block.split(/^- /m).flatMap((item) => (item ? [<li key={item}>{inline(item)}</li>] : []))}
    </ul>
  );
}

function inline(text: string): ReactNode[] {
  // Every second part stood between backticks.
  return text.split("`").map((part, n) => {
    const key = `${n}${part}`;
    return n % 2 === 1 ? <code key={key}>{part}</code> : <span key={key}>{part}</span>;
  });
}
