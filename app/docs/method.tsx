import type { Listed } from "#lib/contracts/openapi/operations.ts";

export function Method({ method }: Pick<Listed, "method">) {
  return <span className={`method ${method}`}>{method.toUpperCase()}</span>;
}
