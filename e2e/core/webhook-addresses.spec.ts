import { request } from "node:http";
import "#e2e/fixtures/own-store.ts";
import { startReceiver } from "#e2e/fixtures/receiver.ts";
import { expect, test } from "#e2e/fixtures/test.ts";
import { publicOnly, readDestination } from "#lib/webhooks/destination.ts";
import { isPublicAddress } from "#lib/webhooks/public-address.ts";

/** Where a webhook may lead, and where not. */

const PUBLIC = [
  "8.8.8.8",
  "100.63.255.255",
  "100.128.0.0",
  "172.15.255.255",
  "172.32.0.0",
  "192.0.1.1",
  "223.255.255.255",
  "2606:4700:4700::1111",
  "2a00:1450:4001:830::200e",
  "64:ff9b::8.8.8.8",
];
const PRIVATE = [
  "0.0.0.0",
  "0.1.2.3",
  "10.0.0.1",
  "100.64.0.1",
  "100.127.255.255",
  "127.0.0.1",
  "127.255.255.254",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.255",
  "192.0.0.8",
  "192.0.2.1",
  "192.88.99.1",
  "192.168.1.1",
  "198.19.0.1",
  "198.51.100.7",
  "203.0.113.7",
  "224.0.0.1",
  "239.255.255.255",
  "240.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::127.0.0.1",
  "::ffff:127.0.0.1",
  "::ffff:10.0.0.1",
  "::ffff:a00:1",
  "::ffff:8.8.8.8",
  "64:ff9b::127.0.0.1",
  "64:ff9b::10.0.0.1",
  "64:ff9b::a9fe:a9fe",
  "64:ff9b:1::1",
  "100::1",
  "2001::1",
  "2001:0:7f00:1::",
  "2001:db8::1",
  "2002:7f00:1::",
  "2002:a00:1::1",
  "3fff::1",
  "fc00::1",
  "fd12:3456::1",
  "fe80::1",
  "fe80::1%lo",
  "2606:4700::1111%eth0",
  "fec0::1",
  "ff02::1",
  "no address",
  "",
];

test("an address is public where the whole world can reach it, and in no other range", () => {
  for (const address of PUBLIC) expect(isPublicAddress(address), address).toBe(true);
  for (const address of PRIVATE) expect(isPublicAddress(address), address).toBe(false);
});

const REFUSED: [string, string][] = [
  ["no URL", "url_invalid"],
  ["ftp://example.com/", "url_invalid"],
  ["file:///etc/passwd", "url_invalid"],
  ["https://user:secret@example.com/", "url_invalid"],
  ["https://user@example.com/", "url_invalid"],
  ["https://example.com/#here", "url_invalid"],
  [`https://example.com/${"x".repeat(2_000)}`, "url_invalid"],
  ["http://example.com/", "url_not_https"],
  ["http://8.8.8.8/", "url_not_https"],
  ["https://localhost/", "url_private"],
  ["https://LOCALHOST/", "url_private"],
  ["http://localhost/", "url_private"],
  ["https://10.0.0.1/", "url_private"],
  ["https://169.254.169.254/latest/meta-data/", "url_private"],
  ["https://0/", "url_private"],
  ["https://127.2/", "url_private"],
  ["https://127.0.0.3/", "url_private"],
  ["https://0x7f.0.0.2/", "url_private"],
  ["https://0177.0.0.2/", "url_private"],
  ["https://2130706434/", "url_private"],
  ["https://0xa000001/", "url_private"],
  ["https://１２７.0.0.2/", "url_private"],
  ["https://[::1]/", "url_private"],
  ["https://[::ffff:127.0.0.1]/", "url_private"],
  ["https://[0:0:0:0:0:ffff:7f00:1]/", "url_private"],
  ["https://[fd00::1]/", "url_private"],
  ["https://[64:ff9b::7f00:1]/", "url_private"],
  // 127.0.0.1 is named in WEBHOOK_PRIVATE_HOSTS here, and not by another name.
  ["http://localhost:3000/", "url_private"],
];

test("a URL is refused that leads into a private network, in whatever spelling, or says what none should", () => {
  for (const [url, code] of REFUSED) expect(() => readDestination(url), url).toThrow(expect.objectContaining({ code }));
  for (const url of ["https://example.com/hooks?key=1", "https://8.8.8.8:8443/", "https://[2606:4700:4700::1111]/"])
    expect(readDestination(url).href).toBe(url);
  for (const url of ["http://127.0.0.1:3000/", "https://127.0.0.1/", "http://0x7f000001:3000/"])
    expect(readDestination(url).hostname, "named in WEBHOOK_PRIVATE_HOSTS").toBe("127.0.0.1");
});

/** A name server in somebody else's hand: gives another answer each time it is asked. */
function nameServer(...answers: string[][]) {
  let asked = 0;
  const resolve: Parameters<typeof publicOnly>[0] = (_name, _options, callback) => {
    const answer = answers[Math.min(asked, answers.length - 1)] ?? [];
    asked += 1;
    setImmediate(() =>
      callback(
        null,
        answer.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
      ),
    );
  };
  return { lookup: publicOnly(resolve), asked: () => asked };
}

for (const [what, answers] of [
  ["leads to this machine", [["127.0.0.1"]]],
  ["leads to this machine beside a public address", [["93.184.216.34", "127.0.0.1"]]],
  ["leads to this machine by an embedded address", [["::ffff:127.0.0.1"]]],
  ["leads nowhere", [[]]],
] as const)
  test(`a name that ${what} is connected to by nobody`, async () => {
    const receiver = await startReceiver();
    const { lookup } = nameServer(...answers.map((one) => [...one]));
    const url = receiver.url.replace("127.0.0.1", "lies.example");
    const code = await new Promise((resolve) =>
      request(url, { method: "POST", lookup })
        .on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
        .on("response", () => resolve("answered"))
        .end(),
    );
    expect(code).toBe(answers[0].length === 0 ? "No address" : "PRIVATE_ADDRESS");
    expect(receiver.requests).toEqual([]);
    await receiver.close();
  });

test("a name is asked for once, and connected to is what was looked at: another answer the next time changes nothing", async () => {
  const { lookup, asked } = nameServer(["93.184.216.34"], ["127.0.0.1"]);
  for (const all of [true, false]) {
    const got = await new Promise((resolve) =>
      lookup("lies.example", { all }, (error, address) => resolve(error ?? address)),
    );
    if (all) expect(got).toEqual([{ address: "93.184.216.34", family: 4 }]);
    else expect(got).toMatchObject({ code: "PRIVATE_ADDRESS" });
  }
  expect(asked()).toBe(2);
});
