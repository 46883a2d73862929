import { curlLine } from "#lib/contracts/openapi/curl.ts";
import type { Description } from "#lib/contracts/openapi/document.ts";
import type { Listed } from "#lib/contracts/openapi/operations.ts";
import { Fields } from "./fields.tsx";
import { Json } from "./json.tsx";
import { Method } from "./method.tsx";
import { Prose } from "./prose.tsx";
import { OwnRefusals } from "./refusals.tsx";
import { Snippet } from "./snippet.tsx";
import { TryIt } from "./try-it.tsx";

/** One endpoint: what it takes and answers on one side, a call and its answer on the other. */
export function Endpoint({ listed, description }: { listed: Listed; description: Description }) {
  const { operationId, summary, description: told, requestBody, responses } = listed.operation;
  const { schemas } = description.components;
  const server = description.servers[0]?.url ?? "";
  const body = requestBody?.content["application/json"];
  const answer = Object.values(responses["200"]?.content ?? {})[0];
  return (
    <article className="endpoint" id={operationId} aria-labelledby={`${operationId}-title`}>
      <header>
        <h3 id={`${operationId}-title`}>
          <a className="own-link" href={`#${operationId}`}>
            {summary}
          </a>
        </h3>
        <p className="route">
          <Method method={listed.method} /> <code>{listed.path}</code>
        </p>
      </header>
      <div className="endpoint-told">
        <Prose markdown={told} />
        <Credentials listed={listed} description={description} />
        {body && (
          <>
            <h4>Request body</h4>
            <Sources listed={listed} />
            <Fields schema={body.schema} schemas={schemas} isRequest />
          </>
        )}
        <h4>Response</h4>
        <OwnHeaders listed={listed} />
        {answer ? (
          <Fields schema={answer.schema} schemas={schemas} />
        ) : (
          <Prose markdown={responses["303"]?.description ?? ""} />
        )}
        <OwnRefusals operation={listed.operation} />
      </div>
      <div className="endpoint-shown">
        {!listed.operation["x-browser-only"] && (
          <>
            <Snippet title="Request" label={`A request to ${listed.path}`}>
              {curlLine(server, listed)}
            </Snippet>
            {answer && (
              <Snippet title="Response" label={`A response from ${listed.path}`}>
                <Json value={answer.example} />
              </Snippet>
            )}
            <TryIt
              path={listed.path}
              method={listed.method}
              summary={summary}
              body={body ? JSON.stringify(body.example, null, 2) : null}
              credential={credentialOf(listed)}
            />
          </>
        )}
      </div>
    </article>
  );
}

function credentialOf({ operation }: Listed): "bearer" | "token" | null {
  const schemes = operation.security.flatMap((one) => Object.keys(one));
  if (schemes.includes("bearer")) return "bearer";
  return schemes.includes("token") ? "token" : null;
}

function Credentials({ listed, description }: { listed: Listed; description: Description }) {
  const credential = credentialOf(listed);
  if (!credential) return null;
  const isOptional = listed.operation.security.some((one) => Object.keys(one).length === 0);
  const header = credential === "bearer" ? "Authorization: Bearer …" : "token: …";
  return (
    <>
      <h4>Authentication</h4>
      <p>
        {isOptional ? "Optional: in" : "In"} the header <code>{header}</code>
      </p>
      <Prose markdown={description.components.securitySchemes[credential]?.description ?? ""} />
    </>
  );
}

/** Only where there is a choice. */
function Sources({ listed }: { listed: Listed }) {
  return listed.operation.parameters?.some((one) => one.in === "query") ? (
    <p>As JSON, as a form, or in the query.</p>
  ) : null;
}

function OwnHeaders({ listed }: { listed: Listed }) {
  const own = Object.entries(listed.operation.responses["200"]?.headers ?? {}).flatMap(([name, header]) =>
    "$ref" in header || name.startsWith("Access-Control-") ? [] : [{ name, told: header.description }],
  );
  return own.length === 0 ? null : (
    <dl className="fields">
      {own.map(({ name, told }) => (
        <div key={name}>
          <dt>
            <code>{name}</code> <span className="type">header</span>
          </dt>
          <dd>
            <Prose markdown={told} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
