import { Secret, TOTP } from "otpauth";
import { expect, test } from "playwright/test";
import { asRecoveryCode, hashRecoveryCode, newRecoveryCodes } from "#lib/auth/factors/authenticator/recovery-codes.ts";
import { codeAt, keyUri, matchingStep, newSecret, stepAt } from "#lib/auth/factors/authenticator/totp.ts";

/** RFC 4226, appendix D, and RFC 6238, appendix B (its eight digits cut to six): the secret is "12345678901234567890". */
const SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

test("the codes are those of RFC 4226", () => {
  const counted = Array.from({ length: 10 }, (_, n) => codeAt(SECRET, n));
  expect(counted).toEqual([
    "755224",
    "287082",
    "359152",
    "969429",
    "338314",
    "254676",
    "287922",
    "162583",
    "399871",
    "520489",
  ]);
});

test("the codes are those of RFC 6238", () => {
  const at = [59, 1111111109, 1111111111, 1234567890, 2000000000, 20000000000];
  expect(at.map((seconds) => codeAt(SECRET, stepAt(seconds * 1000)))).toEqual([
    "287082",
    "081804",
    "050471",
    "005924",
    "279037",
    "353130",
  ]);
});

test("a code is taken one step early or late, and no further", () => {
  const now = 1_800_000_000_000;
  const steps = [-2, -1, 0, 1, 2].map((off) => matchingStep(SECRET, codeAt(SECRET, stepAt(now) + off), now));
  expect(steps).toEqual([undefined, stepAt(now) - 1, stepAt(now), stepAt(now) + 1, undefined]);
  for (const wrong of ["", "1", "1234567", "абвгде"]) expect(matchingStep(SECRET, wrong, now)).toBeUndefined();
});

test("another's implementation shows the same codes for a key of ours, and reads our address", () => {
  for (let n = 0; n < 20; n += 1) {
    const key = newSecret();
    expect(key).toMatch(/^[A-Z2-7]{32}$/);
    const timestamp = 1_700_000_000_000 + n * 86_400_000;
    expect(new TOTP({ secret: Secret.fromBase32(key) }).generate({ timestamp })).toBe(codeAt(key, stepAt(timestamp)));
  }
  const key = newSecret();
  const uri = keyUri({ secret: key, issuer: "accounts.example.com:3000", account: "ada+1@example.com" });
  expect(uri).toMatch(/^otpauth:\/\/totp\/accounts\.example\.com%3A3000:ada%2B1%40example\.com\?secret=/);
});

test("ten recovery codes, all different, found again however they are written, and another account's is another", () => {
  const codes = newRecoveryCodes();
  expect(new Set(codes).size).toBe(10);
  for (const code of codes) {
    expect(code).toMatch(/^[0-9a-z]{5}-[0-9a-z]{5}$/);
    expect(asRecoveryCode(` ${code.toUpperCase().replace("-", " ")} `)).toBe(code.replace("-", ""));
  }
  expect(asRecoveryCode("not-a-code")).toBeUndefined();
});

test("what is stored of a recovery code depends on the account, and is not the code", () => {
  process.env.AUTH_SECRET ??= "a secret of this test, and long enough";
  const [code = ""] = newRecoveryCodes();
  const hashes = [1, 2].map((id) => hashRecoveryCode(id, code));
  expect(new Set(hashes).size).toBe(2);
  expect(hashes[0]).not.toContain(code);
});
