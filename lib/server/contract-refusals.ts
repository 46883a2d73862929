import type { Endpoints } from "#lib/contracts/endpoint.ts";
import { contractAt } from "#lib/contracts/program-paths.ts";

/** The body in which the contract at a path refuses what none of its endpoints is asked; undefined where there is no contract. */
export function refusalBodies(endpoints: Endpoints): (url: string, message: string) => unknown {
  const contracts = new Map(
    Object.values(endpoints).flatMap(({ spec }) => (spec ? [[spec.contract.name, spec.contract] as const] : [])),
  );
  return (url, message) => {
    const name = contractAt(url);
    return name && contracts.get(name)?.refusalBody(message, {});
  };
}
