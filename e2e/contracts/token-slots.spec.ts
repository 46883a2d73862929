import { api as apiAt } from "#e2e/fixtures/api.ts";
import {
  test as base,
  bearer,
  clientAddress,
  expect,
  logIn,
  type Member,
  person,
  profile,
  usersApi,
} from "#e2e/fixtures/users.ts";
import { ACCESS, DEVICE, PENDING_MAIL, REFRESH, Visitor } from "#e2e/fixtures/visitor.ts";

/** Every kind of token there is, each of them good in its own slot. */
type Tokens = Record<
  | "access (auth)"
  | "access (flat)"
  | "access (pages)"
  | "identity (flat)"
  | "refresh (auth)"
  | "refresh (flat)"
  | "refresh (pages)"
  | "device"
  | "waits for a verification mail"
  | "waits for a reset mail"
  | "verify link"
  | "reset link"
  | "invite link"
  | "type 0 (users)"
  | "type 9 (users)"
  | "type 8, inert (users)"
  | "type 8, awakened (users)",
  string
>;
type Kind = keyof Tokens;

/** Whether a slot takes a token; it is told apart from one the slot knows but will not act on yet. */
type Slot = {
  takes: Kind[];
  knows?: Kind[];
  /** One that it would take, left for another slot to use up. */
  leaves?: Kind;
  offer: (token: string, door: Door) => Promise<"taken" | "known" | "refused">;
};
type Door = {
  call: (path: string, init?: RequestInit) => Promise<Response>;
  /** Whose sessions are among the tokens; ten wrong passwords have shut the account. */
  who: Member;
  /** A new plain browser with these cookies. */
  visitor: (cookies?: Record<string, string>) => Visitor;
  stranger: (cookies: Record<string, string>) => Visitor;
  /** What the verify link's and the reset link's page post when their button is pressed. */
  forms: Record<"verify" | "disown" | "reset", Record<string, string>>;
};

type Means = {
  who: Member;
  visitor: Door["visitor"];
  tokens: Tokens;
  door: Door;
};

const test = base.extend<Means>({
  who: async ({ newMember }, use) => use(await newMember()),
  visitor: async ({ server, address }, use) =>
    use((cookies = {}) => {
      const browser = new Visitor(server.url, { "x-forwarded-for": address });
      for (const [name, value] of Object.entries(cookies)) browser.cookies.set(name, value);
      return browser;
    }),
  tokens: async ({ api, who, visitor, newMember, newPerson, linkToken, codeFor }, use) => {
    const [forgetful, awake, unproved] = [await newMember(), await newMember(), await newPerson()];
    const users = usersApi(api);
    const known = visitor();
    await known.submit("/login", "Log in", { email: who.email, password: who.password });
    const flat = (await api.post("/api/user_login", { username: who.email, password: who.password })).body.data;
    const invited = person().email;
    await api.post("/api/send-mail/reference-email", { username: who.email, destination_email: invited });
    const waitingCookie = async (path: string) => {
      const waits = visitor();
      await waits.submit(path, "Send the mail", { email: person().email });
      return waits.cookies.get(PENDING_MAIL) ?? "";
    };
    const awakened = (await users.askReset(awake.email)).body.session.token;
    await users.giveCode(awakened, await codeFor(awake.email, /reset/i));
    await use({
      "access (auth)": who.accessToken,
      "refresh (auth)": who.refreshToken,
      "access (flat)": flat.token,
      "identity (flat)": flat.id_token,
      "refresh (flat)": flat.refresh_token,
      "access (pages)": known.cookies.get(ACCESS) ?? "",
      "refresh (pages)": known.cookies.get(REFRESH) ?? "",
      device: known.cookies.get(DEVICE) ?? "",
      "waits for a verification mail": await waitingCookie("/verify-email"),
      "waits for a reset mail": await waitingCookie("/forgot-password"),
      "type 0 (users)": (await users.logIn(who)).body.session.token,
      "type 9 (users)": (await users.signUp(profile())).body.session.token,
      "type 8, inert (users)": (await users.askReset(forgetful.email)).body.session.token,
      "type 8, awakened (users)": awakened,
      "verify link": await linkToken(unproved.email),
      "reset link": await linkToken(forgetful.email, /reset/i),
      "invite link": await linkToken(invited),
    });
  },
  door: async ({ server, address, who, visitor, tokens }, use) => {
    // A day's worth of wrong passwords: from now on only a place known to the account may try.
    for (let network = 0; network < 10; network++) {
      const elsewhere = apiAt(server.url, { "x-forwarded-for": clientAddress() });
      for (let n = 0; n < 10; n++) await logIn(elsewhere, { ...who, password: `guess number ${n}` });
    }
    const verifyPage = `/verify-email?authToken=${tokens["verify link"]}`;
    await use({
      who,
      visitor,
      // One whose network the account has never been logged in to from.
      stranger: (cookies) => {
        const browser = new Visitor(server.url, { "x-forwarded-for": clientAddress() });
        for (const [name, value] of Object.entries(cookies)) browser.cookies.set(name, value);
        return browser;
      },
      forms: {
        verify: {
          ...(await visitor().form(`${verifyPage}&new`, "Confirm with this password")),
          password: person().password,
        },
        disown: await visitor().form(`${verifyPage}&disown`, "Delete this account"),
        reset: await visitor().form(`/reset-password?authToken=${tokens["reset link"]}`, "Set new password"),
      },
      call: (path, init = {}) =>
        fetch(new URL(path, server.url), {
          redirect: "manual",
          ...init,
          headers: { "x-forwarded-for": address, ...(init.headers as Record<string, string>) },
        }),
    });
  },
});

/** The contracts' slots. Those that use up or end what they take stand last. */
const OF_PROGRAMS: Record<string, Slot> = {
  "GET /api/auth/me, bearer": {
    takes: ["access (auth)", "access (flat)"],
    offer: (token, { call }) => byStatus(call("/api/auth/me", { headers: bearer(token) }), 401),
  },
  "POST /api/auth/refresh": {
    takes: ["refresh (auth)"],
    offer: (refreshToken, { call }) => byStatus(call("/api/auth/refresh", json({ refreshToken })), 403),
  },
  "POST /api/users/verifyAccessToken": {
    takes: ["type 0 (users)", "access (auth)", "access (flat)"],
    offer: (token, { call }) => byStatus(call("/api/users/verifyAccessToken", json({ token })), 400),
  },
  "POST /api/refresh_token": {
    takes: ["refresh (flat)"],
    offer: (refresh_token, { call, who }) =>
      byStatus(call("/api/refresh_token", json({ username: who.email, refresh_token })), 401),
  },
  "GET /api/template-invite-mail, bearer": {
    takes: ["access (auth)", "access (flat)"],
    offer: (token, { call }) => byStatus(call("/api/template-invite-mail", { headers: bearer(token) }), 401),
  },
  "POST /api/send-mail/reference-email, bearer": {
    takes: ["access (auth)", "access (flat)"],
    offer: (token, { call, who }) => {
      const body = { username: who.email, destination_email: person().email };
      return byStatus(call("/api/send-mail/reference-email", json(body, bearer(token))), 401);
    },
  },
  "POST /api/users/verifyAuthorizationCode, header token": {
    takes: [],
    knows: ["type 9 (users)", "type 8, inert (users)", "type 8, awakened (users)"],
    offer: async (token, { call }) => {
      const answer = await call("/api/users/verifyAuthorizationCode", json({ code: "no code" }, { token }));
      return aboutTheCode(answer);
    },
  },
  "POST /api/users/logout": {
    takes: ["type 0 (users)"],
    offer: (token, { call }) => byStatus(call("/api/users/logout", json({ token })), 400),
  },
  "POST /api/auth/logout": {
    takes: ["refresh (auth)"],
    offer: (refreshToken, { call }) => byStatus(call("/api/auth/logout", json({ refreshToken })), 403),
  },
  "POST /api/users/updatePassword, header token": {
    takes: ["type 8, awakened (users)"],
    knows: ["type 8, inert (users)"],
    offer: async (token, { call }) => {
      const answer = await call("/api/users/updatePassword", json({ password: "another good phrase" }, { token }));
      return answer.status === 200 ? "taken" : aboutTheCode(answer);
    },
  },
  "POST /verify": {
    takes: ["verify link"],
    offer: (authToken, { call }) => byStatus(call("/verify", json({ authToken })), 403),
  },
  "POST /password/reset": {
    takes: ["reset link"],
    offer: (authToken, { call }) =>
      byStatus(call("/password/reset", json({ authToken, password: "another good phrase" })), 403),
  },
};
/** The pages' slots, likewise. */
const OF_PAGES: Record<string, Slot> = {
  "the pages' access cookie": {
    takes: ["access (pages)"],
    offer: (token, { visitor }) => seesAccount(visitor({ [ACCESS]: token })),
  },
  "the pages' refresh cookie": {
    takes: ["refresh (pages)"],
    offer: (token, { visitor }) => seesAccount(visitor({ [REFRESH]: token })),
  },
  "the pages' device cookie": {
    takes: ["device"],
    // Only a browser that is known to the account still gets in.
    offer: async (token, { stranger, who: { email, password } }) => {
      const browser = stranger({ [DEVICE]: token });
      await browser.submit("/login", "Log in", { email, password });
      return browser.cookies.has(ACCESS) ? "taken" : "refused";
    },
  },
  "the cookie that waits, on /verify-email": {
    takes: ["waits for a verification mail"],
    offer: async (token, { visitor }) => {
      const { html } = await visitor({ [PENDING_MAIL]: token }).open("/verify-email");
      return html.includes("Check your mail") ? "taken" : "refused";
    },
  },
  "the cookie that waits, on /reset-password": {
    takes: ["waits for a reset mail"],
    offer: async (token, { visitor }) => {
      const { status } = await visitor({ [PENDING_MAIL]: token }).open("/reset-password");
      return status === 200 ? "taken" : "refused";
    },
  },
  "the page /verify-email": {
    takes: ["verify link"],
    offer: (token, { visitor }) => opens(visitor(), "/verify-email", token),
  },
  "the page /reset-password": {
    takes: ["reset link"],
    offer: (token, { visitor }) => opens(visitor(), "/reset-password", token),
  },
  "the verify page's other button, which deletes the account": {
    takes: [],
    leaves: "verify link",
    offer: async (token, { visitor, forms }) => {
      const { headers } = await visitor().post("/verify-email", { ...forms.disown, authToken: token });
      return headers.get("location")?.includes("disowned") ? "taken" : "refused";
    },
  },
  "the verify page's button": {
    takes: ["verify link"],
    offer: (token, { visitor, forms }) => press(visitor(), "/verify-email", { ...forms.verify, authToken: token }),
  },
  "the reset page's button": {
    takes: ["reset link"],
    offer: (token, { visitor, forms }) =>
      press(visitor(), "/reset-password", { ...forms.reset, authToken: token, password: "another good phrase" }),
  },
};

for (const [where, slots] of Object.entries({ "the contracts": OF_PROGRAMS, "the pages": OF_PAGES }))
  test(`each kind of token passes in its own slot of ${where} and in no other`, async ({ tokens, door }) => {
    for (const [kind, token] of Object.entries(tokens)) expect([kind, token.length > 30]).toEqual([kind, true]);
    for (const [slot, { takes, knows = [], leaves, offer }] of Object.entries(slots))
      for (const [kind, token] of Object.entries(tokens) as [Kind, string][])
        if (!takes.includes(kind) && kind !== leaves)
          expect([slot, kind, await offer(token, door)]).toEqual([
            slot,
            kind,
            knows.includes(kind) ? "known" : "refused",
          ]);
    for (const [slot, { takes, offer }] of Object.entries(slots))
      for (const kind of takes) expect([slot, kind, await offer(tokens[kind], door)]).toEqual([slot, kind, "taken"]);
  });

test("no cookie counts at an endpoint of the contracts", async ({ api, server, address, newMember }) => {
  const who = await newMember();
  const visitor = new Visitor(server.url, { "x-forwarded-for": address });
  await visitor.submit("/login", "Log in", { email: who.email, password: who.password });
  const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  expect((await visitor.open("/account")).status).toBe(200);
  for (const [method, path] of [
    ["GET", "/auth/me"],
    ["GET", "/api/template-invite-mail"],
    ["POST", "/auth/refresh"],
    ["POST", "/auth/logout"],
    ["POST", "/api/users/logout"],
    ["POST", "/api/users/verifyAccessToken"],
    ["POST", "/api/users/updatePassword"],
    ["POST", "/api/refresh_token"],
  ] as const) {
    const answer = await api.call(method, path, method === "POST" ? {} : undefined, { cookie });
    expect([path, [400, 401].includes(answer.status)]).toEqual([path, true]);
    expect(answer.headers.getSetCookie()).toEqual([]);
  }
  expect((await logIn(api, who)).headers.getSetCookie()).toEqual([]);
  expect((await visitor.open("/account")).status).toBe(200);
});

async function seesAccount(visitor: Visitor): Promise<"taken" | "refused"> {
  const { status } = await visitor.open("/account");
  expect([200, 307]).toContain(status);
  return status === 200 ? "taken" : "refused";
}

async function opens(visitor: Visitor, page: string, token: string): Promise<"taken" | "refused"> {
  const { html } = await visitor.open(`${page}?authToken=${encodeURIComponent(token)}`);
  return html.includes("This link does not work") ? "refused" : "taken";
}

/** Presses a page's button with another token than the page was opened with: who is let in is signed in. */
async function press(visitor: Visitor, page: string, form: Record<string, string>): Promise<"taken" | "refused"> {
  await visitor.post(page, form);
  return visitor.cookies.has(ACCESS) ? "taken" : "refused";
}

/** A token of the users contract that is known and still wants its code is told so; any other is told that it is none. */
async function aboutTheCode(answer: Response): Promise<"known" | "refused"> {
  const { message } = (await answer.json()) as { message: string };
  expect([answer.status, message]).toEqual([400, expect.stringMatching(/code|token is not valid/i)]);
  return /code/i.test(message) ? "known" : "refused";
}

async function byStatus(answer: Promise<Response>, refusal: number): Promise<"taken" | "refused"> {
  const { status } = await answer;
  expect([200, refusal]).toContain(status);
  return status === 200 ? "taken" : "refused";
}

const json = (body: object, headers: Record<string, string> = {}): RequestInit => ({
  method: "POST",
  body: JSON.stringify(body),
  headers: { "content-type": "application/json", ...headers },
});
