import type { Description, Operation, Path } from "./document.ts";

/** One operation, with where it stands in the description. */
export type Listed = { path: string; method: "get" | "post"; operation: Operation; spellings: string[] };

/** Every operation, in the order of the description. */
export function listOperations({ paths }: Description): Listed[] {
  return Object.entries(paths).flatMap(([path, described]) =>
    (["get", "post"] as const).flatMap((method) => listed(path, described, method)),
  );
}

function listed(path: string, described: Path, method: Listed["method"]): Listed[] {
  const operation = described[method];
  return operation ? [{ path, method, operation, spellings: described["x-spellings"] ?? [] }] : [];
}
