import type { Server } from "node:http";
import { Server as PlainServer, type Socket } from "node:net";

/**
 * The connections of a server, how much one may ask for at once, and how to end them without cutting anyone short. A
 * connection that is kept alive after its answer may have the next request on the wire in the very moment we close it; its
 * caller is then told that the connection was reset, and cannot know whether anything was done. So each is ended with an
 * answer that says so (`Connection: close`), or once nothing has come over it for a while.
 */

const SWEEP_MS = 50;
/** Closing the listening socket resets connections that wait to be accepted. They are accepted first, for so long at most. */
const TAKE_IN_MS = 3_000;
/**
 * A caller that is still at work sends its next request within a second. Counted in sweeps, not by the clock: between two
 * sweeps the event loop reads all that has arrived, even when it is late.
 */
const IDLE_SWEEPS = 20;

/**
 * Requests of one connection that may be under way. A thousand fit into what is read at once, and whoever takes none of the
 * answers has us keep them all. No browser sends a second one before the first is answered, and no common proxy does.
 */
const MOST_UNDER_WAY = 16;

export class OpenConnections {
  #servers: Server[] = [];
  #taken = 0;
  #open = new Map<Socket, { underWay: number; idleSweeps: number }>();

  /** To be called before the server listens. */
  watch(server: Server): void {
    this.#servers.push(server);
    server.on("connection", (socket) => {
      this.#taken += 1;
      this.#open.set(socket, { underWay: 0, idleSweeps: 0 });
      socket.once("close", () => this.#open.delete(socket));
    });
    // Before the request is answered, so that what is cut off here is not.
    server.prependListener("request", ({ socket }, response) => {
      const one = this.#open.get(socket);
      if (!one) return;
      one.underWay += 1;
      if (one.underWay > MOST_UNDER_WAY) socket.destroy();
      response.once("close", () => {
        one.underWay -= 1;
        one.idleSweeps = 0;
      });
    });
  }

  /** Takes no new connection, and resolves once the last one has ended. Answers must say `Connection: close` by now. */
  async end(): Promise<void> {
    await this.#takeIn();
    // Not an HTTP server's own close(): that also ends the connections that are idle right now.
    const closed = this.#servers.map(
      (server) => new Promise((resolve) => Reflect.apply(PlainServer.prototype.close, server, [resolve])),
    );
    const sweep = setInterval(() => this.#endIdle(), SWEEP_MS);
    await Promise.all(closed);
    clearInterval(sweep);
  }

  /** The event loop takes one connection a turn: when a few turns bring none, none waits. */
  async #takeIn(): Promise<void> {
    const deadline = performance.now() + TAKE_IN_MS;
    for (let quietTurns = 0; quietTurns < 5 && performance.now() < deadline; quietTurns += 1) {
      const before = this.#taken;
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#taken > before) quietTurns = -1;
    }
  }

  #endIdle(): void {
    for (const [socket, one] of this.#open) {
      one.idleSweeps = one.underWay === 0 ? one.idleSweeps + 1 : 0;
      if (one.idleSweeps > IDLE_SWEEPS) socket.destroySoon();
    }
  }
}
