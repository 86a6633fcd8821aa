/** A switch that learns who is where: IEEE 802.1D 7.8, without a spanning tree, so there must be no ring. */
import { Port } from "./port.ts";
import type { Simulation } from "./simulation.ts";

/** Addresses that it remembers; then those that it learnt first are forgotten. */
const MOST = 4096;

export class Switch {
  readonly #simulation: Simulation;
  readonly #name: string;
  readonly #ports: Port[] = [];
  readonly #where = new Map<number, Port>();

  constructor(simulation: Simulation, name: string) {
    this.#simulation = simulation;
    this.#name = name;
  }

  /** One more port. */
  port(): Port {
    const name = `${this.#name}.${this.#ports.length}`;
    const port: Port = new Port(this.#simulation, name, (frame) => this.#pass(frame, port), {
      isTransparent: true,
    });
    this.#ports.push(port);
    return port;
  }

  #pass(frame: Uint8Array, from: Port): void {
    if (frame.length < 14) return;
    this.#learn(address(frame, 6), from);
    const isGroup = (frame[0]! & 1) !== 0;
    const known = isGroup ? undefined : this.#where.get(address(frame, 0));
    if (known !== undefined) {
      if (known !== from) known.send(frame);
    } else for (const port of this.#ports) if (port !== from && port.outlet !== undefined) port.send(frame);
  }

  #learn(mac: number, port: Port): void {
    if (this.#where.get(mac) === port) return;
    this.#where.set(mac, port);
    if (this.#where.size <= MOST) return;
    const [oldest] = this.#where.keys();
    this.#where.delete(oldest!);
  }
}

/** 48 bits, as a number. */
const address = (frame: Uint8Array, at: number): number => {
  let value = 0;
  for (let n = 0; n < 6; n++) value = value * 256 + frame[at + n]!;
  return value;
};
