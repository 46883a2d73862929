import { spawnSync } from "node:child_process";
import { bearer, expect, test } from "#e2e/fixtures/member.ts";
import { allowSecondServer } from "#e2e/fixtures/store.ts";
import { api as caller } from "#e2e/fixtures/test.ts";

test("rotating the signing key publishes both keys and logs nobody out", async ({
  newMember,
  api,
  server,
  startServer,
}) => {
  const { accessToken } = await newMember();
  const before = await api.get("/.well-known/jwks.json");
  expect(before.body.keys).toHaveLength(1);

  const { status, stdout } = spawnSync(process.execPath, ["scripts/rotate-keys.ts"], {
    env: server.env as NodeJS.ProcessEnv,
    encoding: "utf8",
  });
  expect(status).toBe(0);
  expect(stdout).toContain(before.body.keys[0].kid);

  // The running server notices within a minute; one that starts now sees both keys at once.
  const { DATABASE_URL, APP_URL } = server.env;
  allowSecondServer(server);
  const later = caller((await startServer({ DATABASE_URL, APP_URL })).url);
  const after = await later.get("/.well-known/jwks.json");
  expect(after.body.keys).toHaveLength(2);
  expect(after.body.keys).toContainEqual(before.body.keys[0]);
  expect((await later.get("/api/auth/me", bearer(accessToken))).status).toBe(200);
  expect((await api.get("/api/auth/me", bearer(accessToken))).status).toBe(200);
});
