import type { STSClient } from "@aws-sdk/client-sts";
import { env } from "#lib/env.ts";
import { describeError, log } from "#lib/log.ts";

/** Temporary AWS credentials in exchange for an ID token of ours (STS AssumeRoleWithWebIdentity). */

export type AwsCredentials = { accessKey: string; secretKey: string; sessionKey: string };

/** `off`: no role is configured. `down`: STS refused, or did not answer within two seconds. */
export type AwsOutcome = AwsCredentials | "off" | "down";

const PATIENCE_MS = 2_000;
/** Credentials that expire sooner than this are not handed out again. */
const FRESH_MS = 10 * 60_000;
const MOST_KEPT = 10_000;

type Kept = { credentials: AwsCredentials; expiresAt: number };
const kept = new Map<string, Kept>();

/**
 * The credentials of a session. Those it was given are given again while they are fresh, so that a refresh does not wait for
 * STS; they are held in memory only. Never throws: a log-in must work while STS does not.
 */
export async function temporaryCredentials({
  sessionId,
  sub,
  idToken,
}: {
  sessionId: string;
  sub: string;
  idToken: string;
}): Promise<AwsOutcome> {
  const { AWS_ROLE_ARN } = env();
  if (!AWS_ROLE_ARN) return "off";
  const known = kept.get(sessionId);
  if (known && known.expiresAt - Date.now() > FRESH_MS) return known.credentials;
  try {
    const fresh = await exchange(AWS_ROLE_ARN, sub, idToken);
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(sessionId, fresh);
    return fresh.credentials;
  } catch (error) {
    // The SDK's message names its own request and never the token.
    log.warn("sts_failed", { error: describeError(error).error });
    return "down";
  }
}

async function exchange(roleArn: string, sub: string, idToken: string): Promise<Kept> {
  // Only where a role is configured: the SDK is large, and most servers never need it.
  const { AssumeRoleWithWebIdentityCommand, STSClient } = await import("@aws-sdk/client-sts");
  client ??= new STSClient(clientSettings());
  const command = new AssumeRoleWithWebIdentityCommand({
    RoleArn: roleArn,
    // Shows in the role's audit trail whose session it was.
    RoleSessionName: sub,
    WebIdentityToken: idToken,
  });
  const { Credentials } = await client.send(command, { abortSignal: AbortSignal.timeout(PATIENCE_MS) });
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken) throw new Error("STS answered without credentials");
  return {
    credentials: { accessKey: AccessKeyId, secretKey: SecretAccessKey, sessionKey: SessionToken },
    expiresAt: Expiration?.getTime() ?? 0,
  };
}

let client: STSClient | undefined;

function clientSettings() {
  const { AWS_REGION, AWS_STS_ENDPOINT } = env();
  return {
    region: AWS_REGION,
    ...(AWS_STS_ENDPOINT ? { endpoint: AWS_STS_ENDPOINT } : {}),
    // One try: two seconds are no time for a second one.
    maxAttempts: 1,
    // This call is not signed: the token is the proof. So the SDK need not look for credentials on this machine.
    credentials: { accessKeyId: "unsigned", secretAccessKey: "unsigned" },
  };
}
