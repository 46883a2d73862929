import { DrizzleQueryError } from "drizzle-orm";
import { expect, test } from "#e2e/fixtures/test.ts";
import { describeError } from "#lib/log.ts";

test("a failed query is logged by what the database said, without the values it was given", () => {
  const failed = new DrizzleQueryError("insert into accounts values (?)", ["canary"], new Error("disk is full"));
  const told = describeError(failed);
  expect(told.error).toBe("Error: disk is full");
  expect(JSON.stringify(told)).not.toContain("canary");
});
