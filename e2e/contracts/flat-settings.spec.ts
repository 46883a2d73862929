import { expectAnswer, expectRefusal, inEnvelope } from "#e2e/fixtures/answers.ts";
import { bearer, expect, flatApi, logIn, person, said, test } from "#e2e/fixtures/flat.ts";
import { accountOf } from "#e2e/fixtures/store.ts";

test.use({ serverSettings: { INVITES_NEED_LOGIN: "true", AWS_REGION: "eu-central-1", ACCESS_TOKEN_TTL: "5m" } });

test("with INVITES_NEED_LOGIN nobody sends a mail in the name of another", async ({ api, flatMember }) => {
  const [who, other] = [await flatMember(), await flatMember()];
  const refused = "The token is not valid or has expired";
  for (const headers of [{}, bearer(other.token), bearer(who.refreshToken)] as Record<string, string>[])
    expectRefusal(await flatApi(api).invite(who.username, person().email, headers), 401, refused, inEnvelope);
  expectRefusal(await flatApi(api).invite(person().username, person().email), 401, refused, inEnvelope);
  const auth = (await logIn(api, who)).body.accessToken;
  for (const token of [who.token, auth])
    expectAnswer(
      await flatApi(api).invite(who.username, person().email, bearer(token)),
      200,
      said("The mail has been sent"),
    );
});

test("the identity names the region that is set, and the token the life that is set", async ({
  api,
  flatMember,
  server,
}) => {
  const who = await flatMember();
  const { data } = (await flatApi(api).logIn(who)).body;
  expect(data.identity_id).toBe(`eu-central-1:${(await accountOf(server, who.email)).sub}`);
  expect(data.expires_in).toBe("300");
});
