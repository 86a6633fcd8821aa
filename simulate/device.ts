/** A network device of a machine: a ring of frames that have come, and where those go that are sent. */
import { Port } from "./port.ts";
import type { Simulation } from "./simulation.ts";
import { completeChecksum, hasGoodChecksum } from "./wire/checksum.ts";
import { cut } from "./wire/cut.ts";

export interface NicOptions {
  /** `52:54:00:00:00:01`; made of the machine's name and the device's number if it is not said. */
  readonly mac?: string;
  /** What it says it can carry; 1500 if it is not said. */
  readonly mtu?: number;
  /** It completes transport checksums of what is sent and cuts TCP segments, and verifies the checksums of what comes. */
  readonly offloads?: boolean;
  /** Frames that may wait for the program; 256 if it is not said. */
  readonly ring?: number;
}

export interface DeviceOptions {
  readonly name: string;
  readonly nic: NicOptions;
  readonly wake: () => void;
  readonly isOn: () => boolean;
}

const VERIFIED = 0x10000;

export class Device {
  readonly port: Port;
  readonly mac: bigint;
  readonly mtu: number;
  readonly offloads: boolean;
  /** Packets that the program had at the end of its last turn: such that came, and such that it will send. */
  held = { received: 0, sending: 0 };
  readonly #ring: Uint8Array[] = [];
  readonly #room: number;

  constructor(simulation: Simulation, { name, nic, wake, isOn }: DeviceOptions) {
    this.mac = nic.mac === undefined ? madeUp(name) : BigInt(`0x${nic.mac.replaceAll(":", "")}`);
    this.mtu = nic.mtu ?? 1500;
    this.offloads = nic.offloads ?? false;
    this.#room = nic.ring ?? 256;
    this.port = new Port(simulation, name, (frame) => {
      const why = !isOn() ? "nobody" : this.#ring.length >= this.#room ? "ring" : undefined;
      if (why !== undefined)
        return simulation.tell({ kind: "lost", time: simulation.now, port: this.port, frame, why });
      this.#ring.push(frame);
      wake();
    });
    this.port.onCarrier = wake;
  }

  /** The next frame is copied to `to`; its length, or -1 if there is none. */
  receive(to: Uint8Array): number {
    const frame = this.#ring.shift();
    if (frame === undefined) return -1;
    const length = Math.min(frame.length, to.length);
    to.set(frame.subarray(0, length));
    return length + (this.offloads && hasGoodChecksum(frame) ? VERIFIED : 0);
  }

  /** `start` and `offset`: of the checksum to complete, 0 if there is none. `size`: of the TCP segments to cut it into, 0 if it is not to be cut. */
  transmit(frame: Uint8Array, start: number, offset: number, size: number): void {
    if (size !== 0) {
      for (const each of cut(frame, start, size)) this.port.send(each);
      return;
    }
    if (start !== 0) completeChecksum(frame, start, offset);
    this.port.send(frame);
  }

  clear(): void {
    this.#ring.length = 0;
    this.held = { received: 0, sending: 0 };
  }
}

/** Locally administered, of the device's name: the same in every run. */
function madeUp(name: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (let n = 0; n < name.length; n++)
    hash = BigInt.asUintN(64, (hash ^ BigInt(name.charCodeAt(n))) * 0x100000001b3n);
  return 0x0200_0000_0000n | (hash & 0xff_ffff_ffffn);
}
