import type { Example, Operation } from "#lib/contracts/openapi/document.ts";
import type { Listed } from "#lib/contracts/openapi/operations.ts";
import { GENERAL_REFUSALS } from "#lib/contracts/openapi/refusals.ts";
import { Json } from "./json.tsx";
import { Prose } from "./prose.tsx";
import { Snippet } from "./snippet.tsx";

type Refusal = { status: string; name: string } & Example;

/** What this endpoint refuses and others do not; the rest stands once, at the top of its contract. */
export function OwnRefusals({ operation }: { operation: Operation }) {
  const own = refusalsOf(operation).filter(({ name }) => !GENERAL_REFUSALS.has(name));
  if (own.length === 0) return null;
  return (
    <>
      <h4>Errors</h4>
      <RefusalList refusals={own} />
    </>
  );
}

/** What every endpoint of a contract refuses, and the shape that all its refusals have. */
export function GeneralRefusals({ tag, operations }: { tag: string; operations: Listed[] }) {
  const all = operations.flatMap(({ operation }) => refusalsOf(operation));
  const general = [...GENERAL_REFUSALS].flatMap((name) => all.find((one) => one.name === name) ?? []);
  const invalid = general.find(({ name }) => name === "invalid");
  if (!invalid) return null;
  return (
    <div className="endpoint general">
      <div className="endpoint-told">
        <h3 id={`${tag}-refusals`}>Errors of every endpoint here</h3>
        <RefusalList refusals={general} />
      </div>
      <div className="endpoint-shown">
        <Snippet title="Error" label="An error for missing values">
          <Json value={invalid.value} />
        </Snippet>
      </div>
    </div>
  );
}

function RefusalList({ refusals }: { refusals: Refusal[] }) {
  return (
    <ul className="refusals">
      {refusals.map(({ status, name, summary, value }) => (
        <li key={name}>
          <code className="status">{status}</code>
          <div>
            {/* What is wrong with values has no fixed words. */}
            {name !== "invalid" && <q>{(value as { message: string }).message}</q>}
            <Prose markdown={summary} />
          </div>
        </li>
      ))}
    </ul>
  );
}

function refusalsOf({ responses }: Operation): Refusal[] {
  return Object.entries(responses).flatMap(([status, { content = {} }]) =>
    Object.values(content).flatMap(({ examples = {} }) =>
      Object.entries(examples).map(([name, example]) => ({ status, name, ...example })),
    ),
  );
}
