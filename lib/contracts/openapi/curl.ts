import type { Listed } from "./operations.ts";

/** A call of an operation, as a line for a shell; tokens come from the variables that stand in their place. */
export function curlLine(server: string, { path, method, operation }: Listed): string {
  const body = operation.requestBody?.content["application/json"]?.example;
  const schemes = operation.security.flatMap((one) => Object.keys(one));
  const hasFields = typeof body === "object" && body !== null && Object.keys(body).length > 0;
  return [
    `curl ${server}${path}`,
    ...(schemes.includes("bearer") ? ['-H "authorization: Bearer $ACCESS_TOKEN"'] : []),
    ...(schemes.includes("token") ? ['-H "token: $TOKEN"'] : []),
    ...(method === "post" ? ["-H 'content-type: application/json'"] : []),
    ...(method === "post" && hasFields ? [`-d ${quoted(JSON.stringify(body, null, 2))}`] : []),
  ].join(" \\\n  ");
}

/** Within single quotes a shell reads everything as it is, but a single quote. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
