/** A cable that carries several virtual networks, taken apart: IEEE 802.1Q. Frames that are malformed, or of a network that nobody is in, are lost. */
import { Port } from "./port.ts";
import type { Simulation } from "./simulation.ts";
import { concat } from "./wire/packets.ts";

const TAG = 0x8100;
/** Behind the two hardware addresses. */
const PLACE = 12;

export class Trunk {
  /** Frames have tags here. */
  readonly port: Port;
  /** Priorities of the frames that came, by network: the last one of each. */
  readonly priorities = new Map<number, number>();
  readonly #simulation: Simulation;
  readonly #networks = new Map<number, Port>();

  constructor(simulation: Simulation, name: string) {
    this.#simulation = simulation;
    this.port = new Port(simulation, name, (frame) => this.#sort(frame), { isTransparent: true });
  }

  /** Frames of one virtual network, without their tags; 0: those that have none. */
  network(number: number): Port {
    const known = this.#networks.get(number);
    if (known !== undefined) return known;
    const port: Port = new Port(
      this.#simulation,
      `${this.port.name}.${number}`,
      (frame) => this.port.send(number === 0 ? frame : tagged(frame, number)),
      { isTransparent: true },
    );
    this.#networks.set(number, port);
    return port;
  }

  #sort(frame: Uint8Array): void {
    const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
    const isTagged = frame.length >= PLACE + 4 && view.getUint16(PLACE) === TAG;
    const tag = isTagged ? view.getUint16(PLACE + 2) : 0;
    const number = tag & 0xfff;
    this.priorities.set(number, tag >> 13);
    const plain = isTagged ? concat(frame.subarray(0, PLACE), frame.subarray(PLACE + 4)) : frame;
    this.#networks.get(number)?.send(plain);
  }
}

const tagged = (frame: Uint8Array, number: number): Uint8Array =>
  concat(frame.subarray(0, PLACE), Uint8Array.of(0x81, 0, number >> 8, number & 0xff), frame.subarray(PLACE));
