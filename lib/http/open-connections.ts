import type { Server } from "node:http";
import { Server as PlainServer, type Socket } from "node:net";

/**
 * The connections of a server, and how to end them without cutting anyone short. A connection that is kept alive after its
 * answer may have the next request on the wire in the very moment we close it; its caller is then told that the connection
 * was reset, and cannot know whether anything was done. So each is ended with an answer that says so (`Connection: close`),
 * or once nothing has come over it for a while.
 */

/** A caller at work sends its next request sooner than that. */
const IDLE_MS = 1_000;
const SWEEP_MS = 50;

export class OpenConnections {
  #servers: Server[] = [];
  #open = new Map<Socket, { underWay: number; since: number }>();

  /** To be called before the server listens. */
  watch(server: Server): void {
    this.#servers.push(server);
    server.on("connection", (socket) => {
      this.#open.set(socket, { underWay: 0, since: performance.now() });
      socket.once("close", () => this.#open.delete(socket));
    });
    server.on("request", ({ socket }, response) => {
      const one = this.#open.get(socket);
      if (!one) return;
      one.underWay += 1;
      response.once("close", () => {
        one.underWay -= 1;
        one.since = performance.now();
      });
    });
  }

  /** Takes no new connection, and resolves once the last one has ended. Answers must say `Connection: close` by now. */
  async end(): Promise<void> {
    const began = performance.now();
    // Not the close() of an HTTP server, which ends what is idle in this moment.
    const closed = this.#servers.map(
      (server) => new Promise((resolve) => Reflect.apply(PlainServer.prototype.close, server, [resolve])),
    );
    const sweep = setInterval(() => this.#endIdle(began), SWEEP_MS);
    await Promise.all(closed);
    clearInterval(sweep);
  }

  #endIdle(began: number): void {
    const before = performance.now() - IDLE_MS;
    for (const [socket, { underWay, since }] of this.#open)
      if (underWay === 0 && Math.max(since, began) < before) socket.destroySoon();
  }
}
