import type { Description, Tag } from "#lib/contracts/openapi/document.ts";
import type { Listed } from "#lib/contracts/openapi/operations.ts";
import { Endpoint } from "./endpoint.tsx";
import { Method } from "./method.tsx";
import { Prose } from "./prose.tsx";
import { GeneralRefusals } from "./refusals.tsx";

/** A contract: its story, its endpoints at a glance, what all of them refuse, then each endpoint. */
export function ContractSection({
  tag,
  operations,
  description,
}: {
  tag: Tag;
  operations: Listed[];
  description: Description;
}) {
  const title = tag["x-displayName"];
  return (
    <section className="contract" id={tag.name} aria-labelledby={`${tag.name}-title`}>
      <h2 id={`${tag.name}-title`}>{title}</h2>
      <Prose markdown={tag.description} />
      <ul className="glance" aria-label={`Endpoints of “${title}”`}>
        {operations.map(({ path, method, operation }) => (
          <li key={operation.operationId}>
            <a href={`#${operation.operationId}`}>
              <Method method={method} /> <code>{path}</code>
            </a>
            <span>{operation.summary}</span>
          </li>
        ))}
      </ul>
      <GeneralRefusals tag={tag.name} operations={operations} />
      {operations.map((listed) => (
        <Endpoint key={listed.operation.operationId} listed={listed} description={description} />
      ))}
    </section>
  );
}
