import { apiDescription } from "#app/api/endpoints.ts";
import { Brand } from "#components/brand.tsx";
import { PageTitle } from "#components/page-title.tsx";
import { listOperations } from "#lib/contracts/openapi/operations.ts";
import { Contents } from "./contents.tsx";
import { ContractSection } from "./contract-section.tsx";
import { Prose } from "./prose.tsx";
import "./docs.css";

/** The API for people, from the same description that `/api/openapi.json` gives to programs. Works without JavaScript. */
export default function Docs() {
  const description = apiDescription();
  const operations = listOperations(description);
  const sections = description.tags.map((tag) => ({
    tag,
    operations: operations.filter(({ operation }) => operation.tags[0] === tag.name),
  }));
  return (
    <div className="docs">
      <PageTitle title="The API" />
      <a className="skip" href="#main">
        Skip to the reference
      </a>
      <header className="docs-top">
        <Brand />
      </header>
      <Contents sections={sections} />
      <main className="docs-main" id="main">
        <section className="docs-intro">
          <h1>The API</h1>
          <p className="lead">{description.info.summary}</p>
          <Prose markdown={description.info.description} />
          <p>
            This server is <code>{description.servers[0]?.url}</code>. For tools:{" "}
            <a href="/api/openapi.json">openapi.json</a> (OpenAPI 3.1), made from the same schemas that the endpoints
            themselves read and answer with.
          </p>
          <p className="caution">
            What you try on this page really happens on this server: accounts are created and mails are sent.
          </p>
        </section>
        {sections.map(({ tag, operations }) => (
          <ContractSection key={tag.name} tag={tag} operations={operations} description={description} />
        ))}
      </main>
    </div>
  );
}
