/** Carries datagrams between a socket of one network and a port in another: for each who asks a socket of its own. */
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";

/** Who asked longest ago is forgotten when there are more. */
const MOST_PEERS = 512;

export class Relay {
  readonly #outside: Socket;
  readonly #address: string;
  readonly #port: number;
  /** By address and port, the one that asked last at the end. */
  readonly #peers = new Map<string, Socket>();

  constructor(outside: Socket, address: string, port: number) {
    this.#outside = outside;
    this.#address = address;
    this.#port = port;
    outside.on("message", (bytes, from) => this.#carryIn(bytes, from));
    outside.on("error", () => undefined);
  }

  #carryIn(bytes: Uint8Array, from: RemoteInfo): void {
    const key = `${from.address} ${from.port}`;
    const socket = this.#peers.get(key) ?? this.#open(from);
    this.#peers.delete(key);
    this.#peers.set(key, socket);
    // What the network does not take is lost, as datagrams are.
    socket.send(bytes, this.#port, this.#address, () => undefined);
    if (this.#peers.size <= MOST_PEERS) return;
    const [oldest, forgotten] = this.#peers.entries().next().value!;
    this.#peers.delete(oldest);
    forgotten.close();
  }

  #open(peer: RemoteInfo): Socket {
    const socket = createSocket("udp4");
    socket.on("message", (bytes) => this.#outside.send(bytes, peer.port, peer.address, () => undefined));
    socket.on("error", () => undefined);
    return socket;
  }

  close(): void {
    this.#outside.close();
    for (const socket of this.#peers.values()) socket.close();
    this.#peers.clear();
  }
}
