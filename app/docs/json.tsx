/** A value as JSON, its names and strings told apart by colour. */
export function Json({ value }: { value: unknown }) {
  const parts = JSON.stringify(value, null, 2).split(STRING);
  return parts.map((part, n) => {
    const key = `${n}${part}`;
    if (!part.startsWith('"')) return part;
    return (
      <span key={key} className={parts[n + 1]?.startsWith(":") ? "json-name" : "json-text"}>
        {part}
      </span>
    );
  });
}

/** A string literal of JSON (RFC 8259, 7); kept by `split`, since it is a group. */
const STRING = /("(?:[^"\\]|\\.)*")/;
