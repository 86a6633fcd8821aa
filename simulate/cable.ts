/** What joins two ports. Each direction has conditions of its own, which may change at any time. */
import { type Conditions, changed, perfect } from "./conditions.ts";
import type { Loss } from "./events.ts";
import type { Outlet, Port } from "./port.ts";
import type { Random } from "./random.ts";
import type { Simulation } from "./simulation.ts";
import { SECOND, type Time } from "./time.ts";

const FRAME_HEADER = 14;

export class Cable {
  /** From the first port to the second, and back. */
  readonly there: Direction;
  readonly back: Direction;
  readonly #simulation: Simulation;
  readonly #name: string;
  readonly #ports: readonly Port[];

  constructor(simulation: Simulation, one: Port, other: Port, conditions: Partial<Conditions> = {}) {
    for (const port of [one, other])
      if (port.outlet !== undefined) throw new Error(`${port.name} has a cable already`);
    this.#simulation = simulation;
    this.#name = `${one.name} - ${other.name}`;
    this.#ports = [one, other];
    this.there = new Direction(simulation, one, other);
    this.back = new Direction(simulation, other, one);
    one.outlet = this.there;
    other.outlet = this.back;
    this.set(conditions);
  }

  /** Changes what is said, in both directions; `cable.there.set` changes one. */
  set(conditions: Partial<Conditions>): void {
    this.there.set(conditions);
    this.back.set(conditions);
  }

  /** Nothing comes through, what is on its way is lost, and both ends notice. */
  cut(): void {
    for (const port of this.#ports) port.hasCarrier = false;
    this.there.isCut = true;
    this.back.isCut = true;
    this.#note("is cut");
  }

  heal(): void {
    for (const port of this.#ports) port.hasCarrier = true;
    this.there.isCut = false;
    this.back.isCut = false;
    this.#note("is whole");
  }

  #note(what: string): void {
    const { now } = this.#simulation;
    this.#simulation.tell({ kind: "note", time: now, text: `${this.#name} ${what}` });
  }
}

export class Direction implements Outlet {
  conditions: Conditions = perfect;
  /** Frames that were sent and that came through, a frame that came twice counted twice. */
  sent = 0;
  delivered = 0;
  /** Bytes of the frames that came through. */
  bytes = 0;
  duplicated = 0;
  corrupted = 0;
  late = 0;
  readonly lost = new Map<Loss, number>();
  readonly #simulation: Simulation;
  readonly #from: Port;
  readonly #to: Port;
  readonly #random: Random;
  #isCut = false;
  /** How often it was cut: a frame that was on its way then does not arrive. */
  #cuts = 0;
  /** When the frames that wait for bandwidth will have left. */
  readonly #leaving: Time[] = [];
  /** When the last frame that is in order arrives. */
  #last: Time = 0;

  constructor(simulation: Simulation, from: Port, to: Port) {
    this.#simulation = simulation;
    this.#from = from;
    this.#to = to;
    this.#random = simulation.random(`cable ${from.name} ${to.name}`);
  }

  get isCut(): boolean {
    return this.#isCut;
  }
  set isCut(isCut: boolean) {
    if (isCut && !this.#isCut) this.#cuts += 1;
    this.#isCut = isCut;
  }

  set(conditions: Partial<Conditions>): void {
    this.conditions = changed(this.conditions, conditions);
  }

  carry(frame: Uint8Array): void {
    const { loss, mtu, filter, duplication } = this.conditions;
    const number = this.sent++;
    if (this.#isCut) return this.#lose(frame, "cut");
    if (frame.length - FRAME_HEADER > mtu) return this.#lose(frame, "length");
    if (filter?.(frame, number) === true) return this.#lose(frame, "filter");
    const leaves = this.#leave(frame.length);
    if (leaves === undefined) return this.#lose(frame, "queue");
    if (this.#random.chance(loss)) return this.#lose(frame, "chance");
    this.#deliver(frame, leaves);
    if (!this.#random.chance(duplication)) return;
    this.duplicated += 1;
    this.#deliver(frame, leaves);
  }

  /** When the frame's last bit is on the cable; undefined if too many wait for that. */
  #leave(length: number): Time | undefined {
    const { bandwidth, queue } = this.conditions;
    const { now } = this.#simulation;
    if (bandwidth === Number.POSITIVE_INFINITY) return now;
    const leaving = this.#leaving;
    while (leaving.length > 0 && leaving[0]! <= now) leaving.shift();
    // The first one is on its way out and waits no more.
    if (leaving.length > queue) return undefined;
    const leaves = (leaving.at(-1) ?? now) + Math.ceil((length * 8 * SECOND) / bandwidth);
    leaving.push(leaves);
    return leaves;
  }

  #deliver(frame: Uint8Array, leaves: Time): void {
    const { delay, jitter, reordering, lateness, corruption } = this.conditions;
    const random = this.#random;
    const varied = jitter === 0 ? 0 : Math.floor((2 * random.fraction() - 1) * jitter);
    let arrives = leaves + Math.max(0, delay + varied);
    if (random.chance(reordering)) {
      this.late += 1;
      arrives = Math.max(arrives, this.#last) + 1 + random.below(lateness);
    } else {
      arrives = Math.max(arrives, this.#last);
      this.#last = arrives;
    }
    const carried = random.chance(corruption) ? this.#corrupted(frame) : frame;
    const cuts = this.#cuts;
    this.#simulation.at(arrives, () => {
      if (cuts !== this.#cuts) return this.#lose(carried, "cut");
      this.delivered += 1;
      this.bytes += carried.length;
      this.#to.arrive(carried);
    });
  }

  /** With one bit that is wrong: what a check sequence of Ethernet has not found. */
  #corrupted(frame: Uint8Array): Uint8Array {
    this.corrupted += 1;
    const copy = frame.slice();
    const bit = this.#random.below(copy.length * 8);
    copy[bit >> 3]! ^= 1 << (bit & 7);
    return copy;
  }

  #lose(frame: Uint8Array, why: Loss): void {
    this.lost.set(why, (this.lost.get(why) ?? 0) + 1);
    this.#simulation.tell({ kind: "lost", time: this.#simulation.now, port: this.#from, frame, why });
  }
}
