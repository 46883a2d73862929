import { clientAddress, type Person, person } from "#e2e/fixtures/person.ts";
import { dispose, launchServer, type RunningServer } from "#e2e/fixtures/server.ts";
import { change } from "#e2e/fixtures/store.ts";
import { Visitor } from "#e2e/fixtures/visitor.ts";
import { ms, type Row, share } from "./row.ts";

/** Below this the clock and the scheduler say more than the server. */
const TOO_SHORT_TO_TELL_MS = 25;
const TIMES = 9;
/** A single request may meet a disk or a neighbour that is busy: of each kind the middle one of so many starts counts. */
const STARTS = 3;

/** The first request of each kind after a start, beside the usual time of that kind. */
export async function firstRequests(): Promise<Row> {
  const starts: Found[][] = [];
  for (let n = 0; n < STARTS; n += 1) starts.push(await afterOneStart());
  const middle = (of: number[]) => share(of, 0.5);
  const found = (starts[0] ?? []).map(({ name }, kind) => ({
    name,
    first: middle(starts.map((one) => one[kind]?.first ?? Number.NaN)),
    usual: middle(starts.map((one) => one[kind]?.usual ?? Number.NaN)),
  }));
  if (process.env.TORTURE_VERBOSE)
    for (const { name, first, usual } of found) console.log(`    ${name}: first ${ms(first)}, usually ${ms(usual)}`);
  const over = ({ first, usual }: Found) => first / Math.max(2 * usual, TOO_SHORT_TO_TELL_MS);
  const slow = found.filter((one) => !(over(one) <= 1));
  const worst = found.sort((a, b) => over(b) - over(a))[0];
  return {
    fault: `first request of each of ${found.length} kinds, the middle of ${STARTS} starts`,
    figure: `<= 2 x its usual time, or ${TOO_SHORT_TO_TELL_MS} ms`,
    reached: `${found.length - slow.length} are; worst ${worst?.name}: ${ms(worst?.first ?? 0)}, usually ${ms(worst?.usual ?? 0)}`,
    isMet: slow.length === 0,
  };
}

type Found = { name: string; first: number; usual: number };

async function afterOneStart(): Promise<Found[]> {
  const server = await launchServer({ BCRYPT_COST: "10", SKIP_WARM_UP: undefined });
  try {
    // What this process itself does for the first time is no time of the server's.
    for (let n = 0; n < 20; n += 1) await asked(server, "/health/live");
    const found: Found[] = [];
    for (const [name, ask] of kindsOf(server)) {
      const times: number[] = [];
      for (let n = 0; n < TIMES; n += 1) times.push(await ask());
      found.push({ name, first: times[0] ?? Number.NaN, usual: share(times.slice(1), 0.5) });
    }
    return found;
  } finally {
    await dispose(server);
  }
}

/** Each asks once, as somebody new where limits count, and says how long it took. */
function kindsOf(server: RunningServer): [name: string, ask: () => Promise<number>][] {
  const pages = [
    "/",
    "/login",
    "/sign-up",
    "/forgot-password",
    "/reset-password",
    "/verify-email",
    "/account",
    "/docs",
  ];
  const more = ["/invite", "/invitation", "/nowhere", "/dev/mailbox", "/api/openapi.json", "/health/ready"];
  let who: Person = person();
  let tokens = { accessToken: "", refreshToken: "" };
  const post = (path: string, body: () => object) => () => asked(server, path, body());
  return [
    ...[...pages, ...more].map((path): [string, () => Promise<number>] => [`GET ${path}`, () => asked(server, path)]),
    [
      "sign-up",
      async () => {
        who = person();
        return asked(server, "/auth/signup", { email: who.email, password: who.password });
      },
    ],
    [
      "log-in",
      async () => {
        await change(server, "update accounts set status = 1 where email = ?", who.email);
        return asked(server, "/auth/login", { email: who.email, password: who.password }, (body) => {
          tokens = body as typeof tokens;
        });
      },
    ],
    ["me", () => asked(server, "/api/auth/me", undefined, () => {}, { authorization: `Bearer ${tokens.accessToken}` })],
    [
      "refresh",
      () =>
        asked(server, "/api/auth/refresh", { refreshToken: tokens.refreshToken }, (body) => {
          tokens = body as typeof tokens;
        }),
    ],
    ["forgotten password", post("/password/forget", () => ({ email: who.email }))],
    ["reset refused", post("/password/reset", () => ({ authToken: "none", password: "correct horse battery" }))],
    ["users log-in", post("/api/users/login", () => ({ email: who.email, password: who.password }))],
    [
      "users sign-up",
      post("/api/users/signUp", () => ({ ...person(), first_name: "A", last_name: "B", phone_number: "+1 555 0100" })),
    ],
    ["flat log-in", post("/staging/user_login", () => ({ username: who.email, password: who.password }))],
    ["flat sign-up", post("/staging/user_signup", person)],
    ["log-in form", () => submitted(server, "/login", "Log in", who)],
    ["sign-up form", () => submitted(server, "/sign-up", "Create account", person())],
  ];
}

async function asked(
  { url }: RunningServer,
  path: string,
  body?: object,
  take: (body: unknown) => void = () => {},
  headers: Record<string, string> = {},
): Promise<number> {
  const began = performance.now();
  const response = await fetch(url + path, {
    method: body ? "POST" : "GET",
    redirect: "manual",
    headers: {
      ...(path.startsWith("/dev/") ? {} : { "x-forwarded-for": clientAddress() }),
      ...(body ? { "content-type": "application/json" } : {}),
      ...headers,
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  const took = performance.now() - began;
  if (response.status === 200 && body) take(JSON.parse(text));
  return took;
}

async function submitted({ url }: RunningServer, path: string, button: string, who: Person): Promise<number> {
  const visitor = new Visitor(url, { "x-forwarded-for": clientAddress() });
  const form = await visitor.form(path, button);
  const began = performance.now();
  await visitor.post(path, { ...form, email: who.email, password: who.password });
  return performance.now() - began;
}
