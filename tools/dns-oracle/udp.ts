import { createSocket } from "node:dgram";

/** Asks a DNS server: one message in, its reply or null for silence out. */
export type Ask = (query: Uint8Array) => Promise<Uint8Array | null>;

/**
 * Asks over UDP. Several questions may be under way: each gets a message id of its own, which is put back into the reply.
 * Silence is no reply within `patience` milliseconds, asked `tries` times.
 */
export function udpAsker(
  host: string,
  port: number,
  patience = 400,
  tries = 2,
): { ask: Ask; close: () => void } {
  const socket = createSocket("udp4");
  const waiting = new Map<number, (reply: Uint8Array) => void>();
  let last = 0;
  socket.on("error", () => {}); // an unreachable port is silence
  socket.on("message", (message) => {
    if (message.length < 2) return;
    waiting.get(message.readUInt16BE(0))?.(new Uint8Array(message));
  });
  socket.unref();

  const once = (query: Uint8Array): Promise<Uint8Array | null> => {
    if (query.length < 2) return Promise.resolve(null);
    do last = (last + 1) & 0xffff;
    while (waiting.has(last));
    const id = last;
    const sent = Buffer.from(query);
    sent.writeUInt16BE(id, 0);
    return new Promise((resolve) => {
      const timer = setTimeout(() => finish(null), patience);
      const finish = (reply: Uint8Array | null): void => {
        clearTimeout(timer);
        waiting.delete(id);
        resolve(reply);
      };
      waiting.set(id, (reply) => {
        reply.set(query.subarray(0, 2));
        finish(reply);
      });
      socket.send(sent, port, host);
    });
  };
  const ask: Ask = async (query) => {
    for (let attempt = 0; attempt < tries; attempt++) {
      const reply = await once(query);
      if (reply !== null) return reply;
    }
    return null;
  };
  return { ask, close: () => socket.close() };
}
