/** Captures that Wireshark and tcpdump read: pcapng (draft-ietf-opsawg-pcapng), one interface for each port, nanoseconds. */
import type { Event } from "./events.ts";
import type { Port } from "./port.ts";
import type { Simulation } from "./simulation.ts";
import { SECOND, type Time } from "./time.ts";
import { concat } from "./wire/packets.ts";

const block = { section: 0x0a0d0d0a, interface: 1, packet: 6 } as const;
const option = { end: 0, name: 2, flags: 2, resolution: 9 } as const;
const ETHERNET = 1;
/** 10 to the minus 9th. */
const NANOSECONDS = 9;
const direction = { arrived: 1, sent: 2 } as const;

/** Frames that a capture keeps unless it is said otherwise. */
const MOST = 1_000_000;

export interface CaptureOptions {
  /**
   * Ports that are listened at as a program there would: what leaves and what comes. If it is not said, each frame is there once, where it leaves its
   * sender, lost ones too: readers take a frame that they see twice for one that was sent twice.
   */
  readonly at?: (port: Port) => boolean;
  /** Frames that are kept; those that come later are counted and not kept. */
  readonly most?: number;
}

export class Capture {
  /** Frames for which there was no room. */
  missed = 0;
  readonly #epoch: number;
  readonly #interfaces = new Map<Port, number>();
  readonly #blocks: Uint8Array[] = [section()];
  readonly #options: CaptureOptions;
  #frames = 0;

  constructor(simulation: Simulation, options: CaptureOptions = {}) {
    this.#epoch = simulation.epoch;
    this.#options = options;
    simulation.observe((event) => this.#see(event));
  }

  /** The file. */
  bytes(): Uint8Array {
    return concat(...this.#blocks);
  }

  #see(event: Event): void {
    if (event.kind !== "sent" && event.kind !== "arrived") return;
    const { at, most = MOST } = this.#options;
    if (!(at === undefined ? event.kind === "sent" && !event.port.isTransparent : at(event.port))) return;
    if (this.#frames >= most) {
      this.missed += 1;
      return;
    }
    this.#frames += 1;
    let number = this.#interfaces.get(event.port);
    if (number === undefined) {
      number = this.#interfaces.size;
      this.#interfaces.set(event.port, number);
      this.#blocks.push(interfaceBlock(event.port.name));
    }
    this.#blocks.push(packet(number, this.#epoch, event.time, event.frame, direction[event.kind]));
  }
}

/** Frames without a simulation, a millisecond apart. */
export function captureOf(frames: readonly Uint8Array[]): Uint8Array {
  return concat(
    section(),
    interfaceBlock("wire"),
    ...frames.map((frame, n) => packet(0, 0, n * 1_000_000, frame, 0)),
  );
}

const u32 = (...values: readonly number[]): Uint8Array => {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, n) => {
    view.setUint32(4 * n, value, true);
  });
  return bytes;
};

const padded = (bytes: Uint8Array): Uint8Array => concat(bytes, new Uint8Array(-bytes.length & 3));

function blockOf(type: number, body: Uint8Array): Uint8Array {
  const length = 12 + body.length;
  return concat(u32(type, length), body, u32(length));
}

function optionOf(code: number, value: Uint8Array): Uint8Array {
  return concat(u32(code | (value.length << 16)), padded(value));
}

/** Byte order, version 1.0, a length that is not said. */
const section = (): Uint8Array => blockOf(block.section, u32(0x1a2b3c4d, 1, 0xffffffff, 0xffffffff));

function interfaceBlock(name: string): Uint8Array {
  return blockOf(
    block.interface,
    concat(
      u32(ETHERNET, 0),
      optionOf(option.name, new TextEncoder().encode(name)),
      optionOf(option.resolution, Uint8Array.of(NANOSECONDS)),
      u32(option.end),
    ),
  );
}

function packet(number: number, epoch: number, time: Time, frame: Uint8Array, flags: number): Uint8Array {
  const stamp = BigInt(epoch) * BigInt(SECOND) + BigInt(time);
  const head = u32(number, Number(stamp >> 32n), Number(stamp & 0xffffffffn), frame.length, frame.length);
  const options = flags === 0 ? u32() : concat(optionOf(option.flags, u32(flags)), u32(option.end));
  return blockOf(block.packet, concat(head, padded(frame), options));
}
