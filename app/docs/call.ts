/** What came back; status 0 when nothing did. `text` is laid out for reading where it is JSON. */
export type Answered = { status: number; milliseconds: number; headers: string[]; text: string; value: unknown };

/** Headers a reader may want to see; the others say the same for every answer. */
const SHOWN = ["retry-after", "allow", "x-amzn-remapped-authorization", "x-request-id"];

/** Calls this server as a program would: without the page's cookies, with the token in its header. */
export async function call(request: {
  path: string;
  method: "get" | "post";
  body: string | null;
  credential: "bearer" | "token" | null;
  token: string;
}): Promise<Answered> {
  const began = performance.now();
  try {
    const response = await fetch(request.path, {
      method: request.method.toUpperCase(),
      credentials: "omit",
      headers: headersOf(request),
      ...(request.body === null ? {} : { body: request.body }),
    });
    const text = await response.text();
    return {
      status: response.status,
      milliseconds: Math.round(performance.now() - began),
      headers: SHOWN.flatMap((name) => (response.headers.has(name) ? `${name}: ${response.headers.get(name)}` : [])),
      ...read(text),
    };
  } catch {
    // No answer at all, or a token that cannot stand in a header: either way nothing was done.
    return { status: 0, milliseconds: 0, headers: [], text: "", value: undefined };
  }
}

function headersOf({ body, credential, token }: Parameters<typeof call>[0]): Record<string, string> {
  return {
    ...(body === null ? {} : { "content-type": "application/json" }),
    ...(credential === "bearer" && token ? { authorization: `Bearer ${token}` } : {}),
    ...(credential === "token" && token ? { token } : {}),
  };
}

function read(text: string): Pick<Answered, "text" | "value"> {
  try {
    const value: unknown = JSON.parse(text);
    return { value, text: JSON.stringify(value, null, 2) };
  } catch {
    return { value: undefined, text };
  }
}
