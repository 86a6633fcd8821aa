/** Carries the connections of one published port to the appliance, each half by itself. */
import { connect, type Server, type Socket } from "node:net";

export class TcpRelay {
  readonly #server: Server;
  readonly #guest: string;
  readonly #port: number;
  readonly #open = new Set<Socket>();

  constructor(server: Server, guest: string, port: number) {
    this.#server = server;
    this.#guest = guest;
    this.#port = port;
    // A server that came from another process has lost this.
    Object.assign(server, { allowHalfOpen: true });
    server.on("connection", (client) => this.#carry(client));
  }

  #carry(client: Socket): void {
    const appliance = connect({ host: this.#guest, port: this.#port, allowHalfOpen: true });
    for (const [from, to] of [
      [client, appliance],
      [appliance, client],
    ] as const) {
      this.#open.add(from);
      from.setNoDelay(true);
      from.pipe(to);
      from.once("error", () => to.resetAndDestroy());
      from.once("close", () => {
        this.#open.delete(from);
        if (!from.readableEnded) to.destroy();
      });
    }
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
  }
}
