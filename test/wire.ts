/** The other end of a booted image's cable: whole frames go in, and all that it sends comes out. */
import { createSocket, type Socket } from "node:dgram";
import { arp, concat, ethernet, hex, type Ipv4, ipv4, udp } from "#simulate";
import { type Qemu, startQemu } from "../tools/qemu.ts";
import { freePort } from "./appliance.ts";

/** Who asks, and who answers. */
export const PEER = "02:00:00:00:00:01";
export const PEER_IP = "10.0.2.2";
export const GUEST_IP = "10.0.2.15";
/** QEMU's first device if nothing else is said. */
export const GUEST = "52:54:00:12:34:56";

const [ARP, IPV4] = [0x0806, 0x0800];
const IP_HEADER = 20;

export interface ReceivedDatagram {
  readonly from: string;
  readonly protocol: number;
  readonly payload: Uint8Array;
  /** How many frames it came in, and the longest of them. */
  readonly frames: number;
  readonly longest: number;
}

export class Wire {
  readonly qemu: Qemu;
  /** Every frame in both directions. */
  readonly frames: Uint8Array[] = [];
  readonly received: Uint8Array[] = [];
  readonly #socket: Socket;
  readonly #to: number;
  #wake: () => void = () => {};

  private constructor(qemu: Qemu, socket: Socket, to: number) {
    this.qemu = qemu;
    this.#socket = socket;
    this.#to = to;
    socket.on("message", (frame) => this.#arrived(Uint8Array.from(frame)));
  }

  /** Boots `image` with its first interface on this wire. */
  static async to(image: Uint8Array): Promise<Wire> {
    const socket = createSocket({ type: "udp4", recvBufferSize: 1 << 20 });
    await new Promise<void>((bound) => socket.bind(0, "127.0.0.1", bound));
    const to = await freePort();
    const here = `remote.type=inet,remote.host=127.0.0.1,remote.port=${socket.address().port}`;
    const there = `local.type=inet,local.host=127.0.0.1,local.port=${to}`;
    const args = ["-netdev", `dgram,id=n0,${there},${here}`, "-device", "virtio-net-device,netdev=n0"];
    const qemu = await startQemu({ image, args, limit: 300_000 });
    const wire = new Wire(qemu, socket, to);
    await qemu.waitFor(`: ${GUEST_IP} `);
    return wire;
  }

  async stop(): Promise<void> {
    this.#socket.close();
    await this.qemu.kill();
  }

  /** A frame as it is. */
  send(frame: Uint8Array): Promise<void> {
    this.frames.push(frame);
    return new Promise((sent) => this.#socket.send(frame, this.#to, "127.0.0.1", () => sent()));
  }

  /** A payload in one packet, or in fragments of at most `step` bytes, in an order of their own. */
  async sendIp(
    protocol: number,
    payload: Uint8Array,
    { step = 1480, order = (parts: Uint8Array[]) => parts, ...fields }: SendOptions = {},
  ): Promise<void> {
    const parts: Uint8Array[] = [];
    for (let offset = 0; offset < payload.length; offset += step) {
      const moreFragments = offset + step < payload.length;
      const head = { from: PEER_IP, to: GUEST_IP, protocol, offset, moreFragments, ...fields };
      parts.push(ethernet(PEER, GUEST, IPV4, ipv4(head, payload.subarray(offset, offset + step))));
    }
    for (const part of order(parts)) await this.send(part);
  }

  sendUdp(payload: Uint8Array, to = 53, options: SendOptions = {}): Promise<void> {
    const datagram = udp({ from: PORT, to, addresses: [PEER_IP, GUEST_IP] }, payload);
    return this.sendIp(17, datagram, options);
  }

  /** Sends until a datagram of the protocol comes back: what is lost on the way is sent again. */
  async ask(
    protocol: number,
    send: () => Promise<void>,
    isAnswer: (payload: Uint8Array) => boolean,
  ): Promise<ReceivedDatagram> {
    for (let tries = 0; tries < 5; tries++) {
      const from = this.received.length;
      await send();
      const end = Date.now() + 1000;
      for (let left = 1000; left > 0; left = end - Date.now()) {
        const found = datagrams(this.received.slice(from)).find(
          (each) => each.protocol === protocol && isAnswer(each.payload),
        );
        if (found !== undefined) return found;
        await this.#next(left);
      }
    }
    throw new Error(`no answer; the console says:\n${this.qemu.text}`);
  }

  /** The payload of the UDP answer. */
  async askDns(question: Uint8Array, options: SendOptions = {}): Promise<ReceivedDatagram> {
    const answer = await this.ask(
      17,
      () => this.sendUdp(question, 53, options),
      (payload) => payload[8] === question[0] && payload[9] === question[1],
    );
    return { ...answer, payload: answer.payload.subarray(8) };
  }

  #next(limit: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, limit);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #arrived(frame: Uint8Array): void {
    this.frames.push(frame);
    this.received.push(frame);
    const asks = word(frame, 12) === ARP && word(frame, 20) === 1 && dotted(frame, 38) === PEER_IP;
    if (asks) {
      const fields = { senderMac: PEER, sender: PEER_IP, targetMac: GUEST, target: GUEST_IP };
      void this.send(ethernet(PEER, GUEST, ARP, arp({ operation: 2, ...fields })));
    }
    this.#wake();
  }
}

export interface SendOptions extends Partial<Ipv4> {
  readonly step?: number;
  readonly order?: (parts: Uint8Array[]) => Uint8Array[];
}

/** Where the peer's questions come from. */
const PORT = 40000;

/** The datagrams in some frames; of fragments, those of which all have come. */
export function datagrams(frames: readonly Uint8Array[]): ReceivedDatagram[] {
  const all = new Map<string, Uint8Array[]>();
  for (const [n, frame] of frames.entries()) {
    if (word(frame, 12) !== IPV4) continue;
    const isFragment = (word(frame, 20) & 0x3fff) !== 0;
    const key = isFragment ? `${dotted(frame, 26)} ${word(frame, 18)}` : `frame ${n}`;
    all.set(key, [...(all.get(key) ?? []), frame]);
  }
  return [...all.values()].flatMap((parts) => joined(parts));
}

function joined(parts: readonly Uint8Array[]): ReceivedDatagram[] {
  const offset = (frame: Uint8Array): number => (word(frame, 20) & 0x1fff) * 8;
  const inOrder = parts.toSorted((a, b) => offset(a) - offset(b));
  let payload = new Uint8Array();
  for (const frame of inOrder) {
    if (offset(frame) !== payload.length) return [];
    payload = Uint8Array.from(concat(payload, frame.subarray(14 + IP_HEADER, 14 + word(frame, 16))));
  }
  const last = inOrder.at(-1)!;
  if ((word(last, 20) & 0x2000) !== 0) return [];
  const longest = Math.max(...parts.map((frame) => frame.length));
  return [{ from: dotted(last, 26), protocol: last[23]!, payload, frames: parts.length, longest }];
}

const word = (bytes: Uint8Array, at: number): number => bytes[at]! * 256 + bytes[at + 1]!;
const dotted = (bytes: Uint8Array, at: number): string => bytes.subarray(at, at + 4).join(".");

/** Whom a frame is from. */
export const isFromGuest = (frame: Uint8Array): boolean =>
  Buffer.from(frame.subarray(6, 12)).equals(Buffer.from(hex(GUEST)));
