/** Starts a machine anew that has not fed it in time. */
import type { Simulation } from "../simulation.ts";
import { NEVER, type Time } from "../time.ts";

export class Watchdog {
  readonly #simulation: Simulation;
  readonly #bark: () => void;
  #until: Time = NEVER;
  #alarm: Time = NEVER;

  constructor(simulation: Simulation, bark: () => void) {
    this.#simulation = simulation;
    this.#bark = bark;
  }

  feed(time: Time): void {
    this.#until = this.#simulation.now + time;
    if (this.#alarm === NEVER) this.#wait();
  }

  rest(): void {
    this.#until = NEVER;
  }

  /** One alarm at a time, which is put off when it rings and was fed: many feedings cost one event. */
  #wait(): void {
    this.#alarm = this.#until;
    this.#simulation.at(this.#alarm, () => {
      this.#alarm = NEVER;
      if (this.#until === NEVER) return;
      if (this.#simulation.now < this.#until) return this.#wait();
      this.#until = NEVER;
      this.#bark();
    });
  }
}
