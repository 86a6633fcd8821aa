/** One network in virtual time. Nothing outside of it reaches it: the same seed and the same calls give the same events, to the last byte. */
import type { Event } from "./events.ts";
import { EventQueue } from "./queue.ts";
import { Random } from "./random.ts";
import { LAST, SECOND, type Time } from "./time.ts";

export interface SimulationOptions {
  /** What all random numbers follow from; 1 if it is not said. */
  readonly seed?: number;
  /** Seconds since 1970 at the beginning, for what wants to know the date. 0: no machine has a clock that was set. */
  readonly epoch?: number;
}

/** 2026-01-01T00:00:00Z */
const EPOCH = 1_767_225_600;

export class Simulation {
  readonly seed: number;
  readonly epoch: number;
  readonly #random: Random;
  readonly #queue = new EventQueue();
  readonly #observers: ((event: Event) => void)[] = [];
  #now: Time = 0;
  /** Things that have happened, for those who wonder where the time goes. */
  happened = 0;

  constructor({ seed = 1, epoch = EPOCH }: SimulationOptions = {}) {
    this.seed = seed;
    this.epoch = epoch;
    this.#random = new Random(seed);
  }

  get now(): Time {
    return this.#now;
  }

  /** When the next thing is to happen; `NEVER` if nothing is. */
  get next(): Time {
    return this.#queue.next;
  }

  /** A stream of random numbers for the part of this name. */
  random(name: string): Random {
    return this.#random.fork(name);
  }

  /** `action` happens at this time; at once if that is over. */
  at(time: Time, action: () => void): void {
    if (Number.isNaN(time)) throw new Error("BUG: a time that is no number");
    if (time > LAST) return;
    this.#queue.add(Math.max(this.#now, Math.ceil(time)), action);
  }

  after(delay: Time, action: () => void): void {
    this.at(this.#now + delay, action);
  }

  /** Lets time pass, and all happen that is for it. */
  run(duration: Time): void {
    this.until(() => false, duration);
  }

  /** Lets time pass until `condition` holds, which is looked at after each thing that happens. False if it does not within `limit`. */
  until(condition: () => boolean, limit: Time): boolean {
    const end = this.#now + limit;
    if (end > LAST) throw new Error(`a simulation ends after ${Math.floor(LAST / (86_400 * SECOND))} days`);
    if (condition()) return true;
    while (this.#queue.next <= end) {
      this.#now = this.#queue.next;
      this.#queue.take()();
      this.happened += 1;
      if (condition()) return true;
    }
    this.#now = end;
    return false;
  }

  /** Traces, captures and counts see everything that happens from now on. */
  observe(observer: (event: Event) => void): void {
    this.#observers.push(observer);
  }

  /** For the parts of a simulation. */
  tell(event: Event): void {
    for (const observer of this.#observers) observer(event);
  }
}
