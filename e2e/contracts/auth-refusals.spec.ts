import { expectAnswer, expectRefusal, sentenceOnly } from "#e2e/fixtures/answers.ts";
import { type BodyEndpoint, refusesBadBodies } from "#e2e/fixtures/bad-bodies.ts";
import { expect, logIn, person, test } from "#e2e/fixtures/member.ts";
import { rows } from "#e2e/fixtures/store.ts";

const email = "nobody@example.com";
const password = "a good phrase";
const token = "eyJhbGciOiJIUzI1NiJ9.e30.x";

const ENDPOINTS: BodyEndpoint[] = [
  { path: "/auth/login", body: { email, password }, optional: ["redirectURL"] },
  { path: "/auth/signup", body: { email, password }, optional: ["redirectURL"] },
  { path: "/verify", body: { authToken: token }, takesForms: true },
  { path: "/password/forget", body: { email }, optional: ["redirectURL"], takesForms: true },
  { path: "/password/reset", body: { password, authToken: token }, takesForms: true },
  { path: "/api/auth/refresh", body: { refreshToken: token } },
  { path: "/api/auth/logout", body: { refreshToken: token } },
];
for (const endpoint of ENDPOINTS) refusesBadBodies(endpoint, sentenceOnly);

type Call = [path: string, body?: object];
const asQuery = (path: string, values: Record<string, string>) => `${path}?${new URLSearchParams(values)}`;
const FORMS: Record<string, (path: string, values: Record<string, string>) => Call> = {
  JSON: (path, values) => [path, values],
  "a form": (path, values) => [path, new URLSearchParams(values)],
  "a query": (path, values) => [asQuery(path, values)],
  "a query beside an empty object": (path, values) => [asQuery(path, values), {}],
};
for (const [form, send] of Object.entries(FORMS))
  test(`"Request Params" may come as ${form}`, async ({ api, newPerson, linkToken }) => {
    const who = await newPerson();
    const verified = await api.post(...send("/verify", { authToken: await linkToken(who.email) }));
    expect(Object.keys(verified.body)).toEqual(["accessToken", "refreshToken"]);
    const asked = await api.post(...send("/password/forget", { email: who.email }));
    expectAnswer(asked, 200, { message: "Verification email has been sent" });
    const authToken = await linkToken(who.email, /password/i);
    const password = "a phrase with + & = % é 🦊";
    const done = await api.post(...send("/password/reset", { authToken, password }));
    expectAnswer(done, 200, { message: "Password has been changed successfully" });
    expect((await logIn(api, { ...who, password })).status).toBe(200);
  });

test("the body counts where body and query both name a value", async ({ api }) => {
  const inBody = person().email;
  const answer = await api.post(`/password/forget?email=${person().email}`, { email: inBody });
  expectRefusal(answer, 404, `Failed! No Account found with email ${inBody}`);
});

test("fields beyond the documented ones are ignored", async ({ api, server }) => {
  const { email, password } = person();
  const more = { status: 1, id: 1, sub: "x", username: "admin", accountType: 9, loginFailedCount: -1 };
  expect((await api.post("/auth/signup", { email, password, ...more })).status).toBe(200);
  expect(await rows(server, "select status, username, account_type from accounts where email = ?", email)).toEqual([
    { status: 0, username: null, account_type: 0 },
  ]);
});

test("a refusal writes nothing that was not asked for into the answer", async ({ api }) => {
  const { email } = person();
  const markup = `"><script>alert(1)</script>`;
  const answer = await api.post("/auth/login", { email, password: markup });
  expectRefusal(answer, 404, `No account found for mail ${email}`);
  expect(answer.headers.get("content-security-policy")).toBe("default-src 'none'; frame-ancestors 'none'");
});

test("no answer of these tests was a fault of the server", async ({ api, server }) => {
  await api.post("/auth/login", {});
  expect(server.log().filter(({ event }) => event === "request_failed")).toEqual([]);
});
