import { readdirSync } from "node:fs";
import { servedDescription, validator } from "#e2e/fixtures/described.ts";
import { expect, test } from "#e2e/fixtures/test.ts";
import type { Description, Operation } from "#lib/contracts/openapi/document.ts";

test("every route of the API is described, and nothing that is not there", async ({ server }) => {
  const { paths } = await servedDescription(server.url);
  const routes = ["app/api", "app/health", "app/.well-known"].flatMap(pathsOfRoutes);
  // For a person's browser, as password managers send it there.
  const described = [...Object.keys(paths), "/.well-known/change-password"];
  expect(described.sort()).toEqual(routes.sort());
});

test("it may be read from any origin", async ({ api }) => {
  const answer = await api.get("/api/openapi.json", { origin: "https://anywhere.example.com" });
  expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  expect(answer.body.openapi).toBe("3.1.1");
});

test("each example is what its own schema says", async ({ server }) => {
  const description = await servedDescription(server.url);
  for (const { place, operation } of operations(description)) {
    for (const [type, media] of Object.entries(operation.requestBody?.content ?? {}))
      await expectFits(server.url, [...place, "requestBody", "content", type, "schema"], media.example);
    for (const [status, { content = {} }] of Object.entries(operation.responses))
      for (const [type, media] of Object.entries(content)) {
        const examples = media.examples ? Object.values(media.examples).map(({ value }) => value) : [media.example];
        for (const example of examples)
          await expectFits(server.url, [...place, "responses", status, "content", type, "schema"], example);
      }
  }
});

test("the keys, the checks and the description itself answer as described", async ({ server, api }) => {
  for (const { place, operation } of operations(await servedDescription(server.url)))
    if (operation.tags[0] === "server") expect((await api.get(place[1] ?? "")).status).toBe(200);
});

test("each path answers at every spelling the description names, with a slash at its end too", async ({
  server,
  api,
}) => {
  const { paths } = await servedDescription(server.url);
  for (const [path, { "x-spellings": spellings = [] }] of Object.entries(paths))
    for (const spelling of spellings.flatMap((one) => [one, `${one}/`])) {
      const [canonical, other] = [await api.call("PUT", path), await api.call("PUT", spelling)];
      expect([other.status, other.text], spelling).toEqual([405, canonical.text]);
    }
});

test("each refusal has the one shape of its contract, and each operation a name of its own", async ({ server }) => {
  const all = operations(await servedDescription(server.url));
  const ids = all.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  const shapes = { auth: "Refusal", users: "Refusal", flat: "EnvelopeRefusal", server: "Health" };
  for (const { operation } of all)
    for (const [status, { content = {} }] of Object.entries(operation.responses))
      for (const { schema } of Object.values(content))
        if (Number(status) >= 400)
          expect(schema.$ref).toBe(`#/components/schemas/${shapes[operation.tags[0] as keyof typeof shapes]}`);
});

test("no address in it belongs to anybody", async ({ api }) => {
  const { text } = await api.get("/api/openapi.json");
  for (const [, host] of text.matchAll(/[\w.-]+@([\w.-]+)/g)) expect(host).toBe("example.com");
});

function pathsOfRoutes(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /(^|\/)route\.ts$/.test(file) && !file.includes("[..."))
    .map((file) => `/${folder}/${file}`.replace(/^\/app|\/route\.ts$|\/\([^/]*\)/g, ""));
}

function operations({ paths }: Description): { place: string[]; operation: Operation }[] {
  return Object.entries(paths).flatMap(([path, { get, post }]) =>
    Object.entries({ get, post }).flatMap(([key, operation]) =>
      operation ? [{ place: ["paths", path, key], operation }] : [],
    ),
  );
}

async function expectFits(url: string, place: string[], value: unknown): Promise<void> {
  const validate = await validator(url, place);
  expect(validate(value) ? [] : validate.errors, place.join(" > ")).toEqual([]);
}
