import type { Endpoints, Served } from "#lib/contracts/endpoint.ts";
import { spellingsOf } from "#lib/contracts/spellings.ts";

/** What `say` returns for each endpoint, by its path and its other spellings; `undefined` leaves an endpoint out. */
export function byEverySpelling<T>(endpoints: Endpoints, say: (served: Served) => T | undefined): Map<string, T> {
  return new Map(
    Object.entries(endpoints).flatMap(([path, served]) => {
      const said = say(served);
      if (said === undefined) return [];
      const others = served.spec ? spellingsOf(path, served.spec.contract.name) : [];
      return [path, ...others].map((one): [string, T] => [one, said]);
    }),
  );
}

/** The path that was asked for, without the query and without one slash at its end. Any other spelling is left to Next. */
export function pathOf(url = ""): string {
  const path = url.split("?", 1)[0] ?? "";
  return path.endsWith("/") ? path.slice(0, -1) : path;
}
