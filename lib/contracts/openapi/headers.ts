import type { Header } from "./document.ts";

/** Headers that many answers have. */
export const HEADERS = {
  "Cache-Control": {
    description: "Answers are never cached.",
    required: true,
    schema: { type: "string", const: "no-store" },
  },
  "X-Request-Id": {
    description: "Names this request in the server's log.",
    required: true,
    schema: { type: "string", format: "uuid" },
  },
  "Retry-After": {
    description: "How many seconds to wait.",
    required: true,
    schema: { type: "string", pattern: "^[1-9][0-9]*$" },
  },
  "X-Latchkey-OTP": {
    description: "`required`: the same call goes through with the code of the second factor in this header.",
    required: false,
    schema: { type: "string", const: "required" },
  },
  Allow: {
    description: "The methods this path takes.",
    required: true,
    schema: { type: "string", pattern: "^[A-Z]+(, [A-Z]+)*$" },
  },
} satisfies Record<string, Header>;

export const header = (name: keyof typeof HEADERS) => ({ $ref: `#/components/headers/${name}` });

/** What every answer of a contract has. */
export const ALWAYS_SENT = { "Cache-Control": header("Cache-Control"), "X-Request-Id": header("X-Request-Id") };
