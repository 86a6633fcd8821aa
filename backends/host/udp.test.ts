import { expect, test } from "vitest";
import { loadAs } from "#tools/load-as";

interface Datagram {
  readonly port: number;
  readonly bytes: readonly number[];
}

const entry = `
import { Bytes } from "./stdlib/core/bytes";
import { Peer, Responder } from "./stdlib/net/udp";
import { bind, poll as take, start as open } from "./backends/host/drivers/udp";
class Echo extends Responder {
  respond(request: Bytes, reply: Bytes, _peer: Peer): u32 {
    reply.copy(0, request, 0, request.length);
    return request.length;
  }
}
export function prepare(): void { assert(bind(0, 0, 53, new Echo())); }
export function start(): void { open(); }
export function poll(): void { take(0); }
`;

test("a datagram from port 0 is not answered: nothing can be sent there, and trying ends the process", async () => {
  const waiting: Datagram[] = [
    { port: 0, bytes: [1, 2, 3] },
    { port: 4000, bytes: [4, 5] },
  ];
  const answered: number[] = [];
  let current: Datagram | undefined;
  const { exports, memory } = await loadAs(
    { entry: "main.ts", files: { "main.ts": entry } },
    {
      host: {
        listen: () => undefined,
        receive: (to: number) => {
          current = waiting.shift();
          if (current === undefined) return -1;
          new Uint8Array(memory.buffer).set(current.bytes, to);
          return current.bytes.length;
        },
        socketOf: () => 0,
        peerFamily: () => 4,
        peerHigh: () => 0n,
        peerLow: () => 0x7f00_0001n,
        peerPort: () => current!.port,
        reply: () => void answered.push(current!.port),
      },
    },
  );
  exports["prepare"]();
  exports["start"]();
  exports["poll"]();
  expect(answered).toEqual([4000]);
});
