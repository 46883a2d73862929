import type { Tag } from "#lib/contracts/openapi/document.ts";
import type { Listed } from "#lib/contracts/openapi/operations.ts";

/** What is on the page. Where there is room beside it, with every endpoint; on a phone, the sections have their own lists. */
export function Contents({ sections }: { sections: { tag: Tag; operations: Listed[] }[] }) {
  return (
    <nav className="contents" aria-label="Contents">
      <ul>
        {sections.map(({ tag, operations }) => (
          <li key={tag.name}>
            <a className="contents-section" href={`#${tag.name}`}>
              {tag["x-displayName"]}
            </a>
            <ul>
              {operations.map(({ operation }) => (
                <li key={operation.operationId}>
                  <a href={`#${operation.operationId}`}>{operation.summary}</a>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </nav>
  );
}
