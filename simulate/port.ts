/** Where a cable can be plugged in. */
import type { Simulation } from "./simulation.ts";

/** The end of a cable that carries frames away. */
export interface Outlet {
  carry(frame: Uint8Array): void;
}

export class Port {
  /** Set when a cable is plugged in. */
  outlet: Outlet | undefined;
  /** Called when the cable is cut, or whole again. */
  onCarrier: (() => void) | undefined;
  /** Of a switch: it only passes on what is seen at others. */
  readonly isTransparent: boolean;
  /** `ns1.0`, `client`: for traces and captures. */
  readonly name: string;
  readonly #simulation: Simulation;
  readonly #take: (frame: Uint8Array) => void;

  constructor(
    simulation: Simulation,
    name: string,
    take: (frame: Uint8Array) => void,
    { isTransparent = false } = {},
  ) {
    this.#simulation = simulation;
    this.name = name;
    this.#take = take;
    this.isTransparent = isTransparent;
  }

  #hasCarrier = true;

  /** Whether the cable is whole; true without a cable, too. */
  get hasCarrier(): boolean {
    return this.#hasCarrier;
  }
  set hasCarrier(hasCarrier: boolean) {
    if (this.#hasCarrier === hasCarrier) return;
    this.#hasCarrier = hasCarrier;
    this.onCarrier?.();
  }

  /** Nobody may change `frame` from now on. */
  send(frame: Uint8Array): void {
    const simulation = this.#simulation;
    simulation.tell({ kind: "sent", time: simulation.now, port: this, frame });
    if (this.outlet === undefined)
      simulation.tell({ kind: "lost", time: simulation.now, port: this, frame, why: "nobody" });
    else this.outlet.carry(frame);
  }

  /** For cables. */
  arrive(frame: Uint8Array): void {
    const simulation = this.#simulation;
    simulation.tell({ kind: "arrived", time: simulation.now, port: this, frame });
    this.#take(frame);
  }
}
