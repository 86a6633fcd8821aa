/** The board around a simulated machine: pins with lines on them, which the machine, contacts, resistors and chips pull up and down. */
import type { Simulation } from "../simulation.ts";
import type { Time } from "../time.ts";

export type Level = "high" | "low";

/** What a line is for, where events say more than its pin. */
export interface Label {
  /** `vent` */
  readonly name: string;
  /** The level that means on, or closed. */
  readonly active: Level;
  readonly words: readonly [active: string, other: string];
}

/** What hangs on lines and follows them: a chip. Called when one of its lines may have changed. */
export interface Attached {
  changed(): void;
  /** The machine has waited for its lines. */
  passed?(): void;
}

interface Line {
  pull: Level | undefined;
  driven: Level | undefined;
  /** By a script: a contact, a wire, a finger. */
  forced: Level | undefined;
  /** How many chips pull it down. */
  held: number;
  isWatched: boolean;
  label: Label | undefined;
  readonly attached: Attached[];
  /** What was on it when it was looked at last. */
  level: Level;
  /** What was told of it last. */
  told: string | undefined;
}

export interface BoardOptions {
  readonly name: string;
  readonly wake: () => void;
}

export class Board {
  readonly #simulation: Simulation;
  readonly #options: BoardOptions;
  readonly #lines = new Map<number, Line>();
  /** Those that want to know when time passes on their lines. */
  readonly #waiting = new Set<Attached>();
  /** Until when the program waits for its lines: it does nothing else before. */
  #busyUntil: Time = 0;

  constructor(simulation: Simulation, options: BoardOptions) {
    this.#simulation = simulation;
    this.#options = options;
  }

  /** Virtual time, with what a program that waits for its lines has waited in this turn. */
  get now(): Time {
    return Math.max(this.#simulation.now, this.#busyUntil);
  }

  label(pin: number, label: Label): void {
    this.#line(pin).label = label;
  }

  attach(pin: number, attached: Attached): void {
    this.#line(pin).attached.push(attached);
    if (attached.passed) this.#waiting.add(attached);
  }

  level(pin: number): Level {
    const { driven, forced, held, pull } = this.#line(pin);
    if (held > 0) return "low";
    return driven ?? forced ?? pull ?? "low";
  }

  /** What the machine drives; undefined: nothing. */
  driven(pin: number): Level | undefined {
    return this.#line(pin).driven;
  }

  /** Somebody outside connects the line to the supply or to ground; undefined: to nothing. */
  force(pin: number, level: Level | undefined): void {
    this.#line(pin).forced = level;
    this.#settle(pin);
  }

  /** One more chip, or one less, pulls the line down. */
  hold(pin: number, by: 1 | -1): void {
    this.#line(pin).held += by;
    this.#settle(pin);
  }

  input(pin: number, pull: Level | undefined): void {
    this.#line(pin).driven = undefined;
    this.pull(pin, pull);
  }

  pull(pin: number, pull: Level | undefined): void {
    this.#line(pin).pull = pull;
    this.#settle(pin);
  }

  drive(pin: number, level: Level | undefined): void {
    this.#line(pin).driven = level;
    this.#settle(pin);
  }

  watch(pin: number): void {
    this.#line(pin).isWatched = true;
  }

  pause(time: Time): void {
    this.#busyUntil = this.now + time;
    for (const each of this.#waiting) each.passed?.();
  }

  /** The machine is off: it drives nothing. */
  release(): void {
    for (const [pin, line] of this.#lines) {
      line.isWatched = false;
      line.told = undefined;
      this.input(pin, undefined);
    }
  }

  #line(pin: number): Line {
    const known = this.#lines.get(pin);
    if (known) return known;
    const line: Line = {
      pull: undefined,
      driven: undefined,
      forced: undefined,
      held: 0,
      isWatched: false,
      label: undefined,
      attached: [],
      level: "low",
      told: undefined,
    };
    this.#lines.set(pin, line);
    return line;
  }

  #settle(pin: number): void {
    const line = this.#line(pin);
    const level = this.level(pin);
    this.#tell(pin, line);
    if (level === line.level) return;
    line.level = level;
    for (const each of line.attached) each.changed();
    if (line.isWatched) this.#options.wake();
  }

  /** Only of what the machine drives: what a script does is known. */
  #tell(pin: number, { label, driven }: Line): void {
    const line = this.#line(pin);
    if (!label || !driven) return;
    const word = label.words[driven === label.active ? 0 : 1];
    if (word === line.told) return;
    line.told = word;
    const text = `${this.#options.name}: ${label.name} is ${word} (gpio${pin} ${driven})`;
    this.#simulation.tell({ kind: "note", time: this.#simulation.now, text });
  }
}
