import { connect, type Socket } from "node:net";
import { framed } from "./stream.ts";
import type { Ask } from "./udp.ts";

/** A connection with at most one question under way. */
class Lane {
  readonly socket: Socket;
  #got: Buffer = Buffer.alloc(0);
  #wanted: ((reply: Uint8Array | null) => void) | undefined;
  isOpen = true;

  constructor(host: string, port: number) {
    this.socket = connect({ host, port, noDelay: true });
    this.socket.on("data", (bytes) => {
      this.#got = Buffer.concat([this.#got, bytes]);
      const end = this.#got.length < 2 ? Number.POSITIVE_INFINITY : 2 + this.#got.readUInt16BE(0);
      if (this.#got.length < end) return;
      const reply = new Uint8Array(this.#got.subarray(2, end));
      this.#got = this.#got.subarray(end);
      this.#finish(reply);
    });
    this.socket.on("error", () => {}); // told by `close`
    this.socket.on("close", () => {
      this.isOpen = false;
      this.#finish(null);
    });
  }

  ask(query: Uint8Array, patience: number): Promise<Uint8Array | null> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.socket.destroy(), patience);
      this.#wanted = (reply) => {
        clearTimeout(timer);
        resolve(reply);
      };
      this.socket.write(framed(query));
    });
  }

  #finish(reply: Uint8Array | null): void {
    const wanted = this.#wanted;
    this.#wanted = undefined;
    wanted?.(reply);
  }
}

/** Asks over TCP, on connections that are kept. Silence is a connection that is closed, or no reply within `patience` milliseconds. */
export function tcpAsker(host: string, port: number, patience = 2000): { ask: Ask; close: () => void } {
  const idle: Lane[] = [];
  const all = new Set<Lane>();
  const ask: Ask = async (query) => {
    let lane = idle.pop();
    while (lane !== undefined && !lane.isOpen) lane = idle.pop();
    lane ??= new Lane(host, port);
    all.add(lane);
    const reply = await lane.ask(query, patience);
    if (lane.isOpen) idle.push(lane);
    else all.delete(lane);
    return reply;
  };
  return { ask, close: () => all.forEach(({ socket }) => void socket.destroy()) };
}
