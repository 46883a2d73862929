/** The document's title. An error comes first in it, since that is what a screen reader says of a page that came back. */
export function PageTitle({ title, hasErrors = false }: { title: string; hasErrors?: boolean }) {
  return <title>{`${hasErrors ? "Error: " : ""}${title} · Latchkey`}</title>;
}
