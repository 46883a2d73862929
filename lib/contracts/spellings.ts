import type { Contract } from "./endpoint.ts";

/**
 * The other spellings of the contracts' paths, as their documents have them. Rewritten, never redirected: a redirect would
 * lose the body of a POST. The first that fits counts; next.config.mjs applies them, the API description lists them.
 */
export const SPELLINGS: readonly { contract: Contract["name"]; source: string; destination: string }[] = [
  { contract: "auth", source: "/auth/:path*", destination: "/api/auth/:path*" },
  { contract: "auth", source: "/verify/:path*", destination: "/api/auth/verify/:path*" },
  { contract: "auth", source: "/password/:path*", destination: "/api/auth/password/:path*" },
  // The users contract's documented base URL ends in /karely.
  { contract: "users", source: "/karely/api/users/:path*", destination: "/api/users/:path*" },
  // Whatever else a program looks for below that URL is nothing, and the contract says so in its own shape.
  { contract: "users", source: "/karely/:path*", destination: "/api/users/karely/:path*" },
  // The flat contract's two documented stages, and the one path that its document has under /dev.
  { contract: "flat", source: "/staging/auth/:path*", destination: "/api/:path*" },
  { contract: "flat", source: "/staging/:path*", destination: "/api/:path*" },
  { contract: "flat", source: "/dev/send-mail/:path*", destination: "/api/send-mail/:path*" },
];

const REST = "/:path*";

/** Every other spelling of a path of this contract. */
export function spellingsOf(path: string, contract: Contract["name"]): string[] {
  return SPELLINGS.filter((one) => one.contract === contract).flatMap(({ source, destination }) => {
    const [from, to] = [source.replace(REST, ""), destination.replace(REST, "")];
    const isBelow = destination.endsWith(REST) && path.startsWith(`${to}/`);
    return path === to || isBelow ? from + path.slice(to.length) : [];
  });
}
