import { ENDPOINTS } from "#app/api/endpoints.ts";
import { expect, test } from "#e2e/fixtures/test.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { fields } from "#lib/contracts/fields.ts";

/** Whoever an endpoint demands a credential of is refused before its handler runs: no handler can forget to look. */

const guarded = Object.entries(ENDPOINTS).flatMap(([path, { spec }]) =>
  spec?.credential === "bearer" || spec?.credential === "token" ? [{ path, spec }] : [],
);

const WRONG: Record<string, string>[] = [
  {},
  { authorization: "Bearer none" },
  { authorization: "Basic none" },
  { token: "" },
  { token: "none" },
];

test("every endpoint that declares a credential refuses whoever has none, or a wrong one", async ({ api }) => {
  expect(guarded.map(({ path }) => path)).toEqual([
    "/api/auth/me",
    "/api/users/verifyAuthorizationCode",
    "/api/users/updatePassword",
    "/api/template-invite-mail",
  ]);
  for (const { path, spec } of guarded)
    for (const headers of WRONG) {
      const body = spec.method === "POST" ? (spec.example.input as object) : undefined;
      const { status, text } = await api.call(spec.method, path, body, headers);
      expect([path, headers, status >= 400 && status < 404, text.includes("@")]).toEqual([path, headers, true, false]);
    }
});

test("a handler that declares no credential has no caller to speak for", () => {
  const { contract, example } = guarded[0]?.spec ?? {};
  expect(contract && example).toBeDefined();
  // Never called: that the marked line does not compile is what is tested, by `tsc`.
  const forgetful = () =>
    contract &&
    endpoint({
      contract,
      method: "GET",
      summary: "Tells whoever asks",
      input: fields({}),
      output: fields({}),
      errors: [],
      example: { input: {}, output: {} },
      async run({ caller }) {
        // @ts-expect-error there is no account here that could be told
        return { body: caller.account };
      },
    });
  expect(forgetful).toBeDefined();
});
