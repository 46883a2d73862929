import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { presentAccount } from "#app/api/auth/contract.ts";
import { openStore } from "#db/client.ts";
import { authenticate } from "#lib/auth/sessions/sessions.ts";
import { BEARER_DOORS } from "#lib/doors.ts";

/**
 * The limit of a session check on this machine: the same look-up behind Node's own server, with no id, no log line, no
 * headers to settle and no door. Sends its URL, and serves until it is ended.
 */
await openStore();
const server = createServer(async (request, response) => {
  const accessToken = (request.headers.authorization ?? "").slice("Bearer ".length);
  const { account } = await authenticate({ accessToken, doors: BEARER_DOORS });
  response.writeHead(200, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(presentAccount(account)));
});
server.listen(0, "127.0.0.1", () => process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
process.once("disconnect", () => process.exit(0));
