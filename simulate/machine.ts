/**
 * An appliance in a simulation: its program as WebAssembly, with all its protocols, and around it what `backends/simulate/drivers` asks a machine for. A
 * turn of its event loop takes no time, and it turns when a frame has come or when it has said that it wants to.
 */
import { Board, type Level } from "./board/board.ts";
import { Watchdog } from "./board/watchdog.ts";
import { Device, type NicOptions } from "./device.ts";
import type { Random } from "./random.ts";
import type { Simulation } from "./simulation.ts";
import { NEVER, SECOND, seconds, type Time } from "./time.ts";

export interface MachineOptions {
  /** Of no other part of the simulation. */
  readonly name: string;
  /** An image made for the simulator, or another program that imports its drivers; compiled once for however many machines. */
  readonly program: WebAssembly.Module;
  /** Its network devices; one, if nothing is said. */
  readonly nics?: readonly NicOptions[];
  /** For programs that are no finished images: called each time when one is switched on, before its `start`. */
  readonly prepare?: (exports: Exports) => void;
  /** Values for its slots: lines `SLOT=VALUE`. */
  readonly given?: string | undefined;
  /** Functions for further imports of such programs. */
  readonly imports?: WebAssembly.Imports;
}

/** biome-ignore lint/suspicious/noExplicitAny: what a test knows of the exports it calls is its own business. */
export type Exports = Record<string, any>;

export interface ConsoleLine {
  readonly time: Time;
  readonly text: string;
}

/** Turns that follow one another at once; a program that wants more would never sleep. */
const MOST_TURNS = 10_000;
const FOREVER = 2n ** 64n - 1n;
const MOST_LINES = 100_000;
const [RETURN, END] = [13, 10];

/** A program failed: what its machine would do is to start it again, and a simulation ends. */
export class Trap extends Error {
  readonly machine: string;

  constructor(machine: string, time: Time, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`${machine} trapped after ${seconds(time)} s: ${why}`, { cause });
    this.name = "Trap";
    this.machine = machine;
  }
}

/** The program ends its machine: what it was given for its slots is missing or wrong, which it has said on the console. */
class Refused extends Error {}

/** As the driver of pins numbers them. */
const pulls: readonly (Level | undefined)[] = [undefined, "high", "low"];

/** As `stdlib/core/given.ts` has it. */
const LINES = 1;

export class Machine {
  readonly name: string;
  readonly devices: readonly Device[];
  readonly board: Board;
  readonly console: ConsoleLine[] = [];
  /** Turns of the event loop. */
  turns = 0;
  readonly #options: MachineOptions;
  readonly #simulation: Simulation;
  #random: Random;
  #exports: Exports | undefined;
  readonly #watchdog: Watchdog;
  #isHanging = false;
  #bootedAt: Time = 0;
  #boots = 0;
  #line = "";
  /** It turns now, as soon as all has come that comes now. */
  #isWoken = false;
  /** When it wants to turn, and for when that is asked of the simulation: earlier, if what it wants was put off since then. */
  #deadline: Time = NEVER;
  #alarm: Time = NEVER;

  constructor(simulation: Simulation, options: MachineOptions) {
    this.#simulation = simulation;
    this.#options = options;
    this.name = options.name;
    this.#random = simulation.random(`machine ${options.name}`);
    const wake = () => this.wake();
    this.board = new Board(simulation, { name: options.name, wake });
    this.#watchdog = new Watchdog(simulation, () => this.#restart());
    this.devices = (options.nics ?? [{}]).map(
      (nic, index) =>
        new Device(simulation, {
          name: `${options.name}.${index}`,
          nic,
          wake,
          isOn: () => this.#exports !== undefined,
        }),
    );
  }

  /** Where its first cable goes. */
  get port(): Device["port"] {
    return this.devices[0]!.port;
  }

  get isOn(): boolean {
    return this.#exports !== undefined;
  }

  /** Of the running program. */
  get exports(): Exports {
    if (this.#exports === undefined) throw new Error(`${this.name} is switched off`);
    return this.#exports;
  }

  get memory(): WebAssembly.Memory {
    return this.exports["memory"] as WebAssembly.Memory;
  }

  /** Starts the program from its prepared memory. */
  switchOn(): void {
    if (this.#exports !== undefined) throw new Error(`${this.name} is switched on already`);
    this.#boots += 1;
    this.#bootedAt = this.#simulation.now;
    this.#random = this.#simulation.random(`machine ${this.name} boot ${this.#boots}`);
    const { program, prepare, imports = {} } = this.#options;
    const instance = new WebAssembly.Instance(program, { simulator: this.#imports(), ...traps, ...imports });
    this.#exports = instance.exports as Exports;
    this.#note("is switched on");
    try {
      prepare?.(this.exports);
      this.exports["start"]();
    } catch (error) {
      if (!(error instanceof Refused)) throw new Trap(this.name, this.#simulation.now, error);
      return this.switchOff();
    }
    this.wake();
  }

  /** At once, as if somebody had pulled the plug. */
  switchOff(): void {
    this.#exports = undefined;
    this.#deadline = NEVER;
    this.#alarm = NEVER;
    this.#isWoken = false;
    this.#line = "";
    this.#isHanging = false;
    this.#watchdog.rest();
    this.board.release();
    for (const device of this.devices) device.clear();
    this.#note("is switched off");
  }

  /** Its program does nothing more, as if it were caught in a loop: a watchdog starts it anew. */
  hang(): void {
    this.#isHanging = true;
    this.#note("hangs");
  }

  #restart(): void {
    this.#note("is started by its watchdog");
    this.switchOff();
    this.switchOn();
  }

  /** For programs that are asked from outside, by their exports: they may have something to do now. */
  wake(): void {
    if (this.#isWoken || this.#exports === undefined) return;
    this.#isWoken = true;
    this.#later(this.board.now, () => {
      this.#isWoken = false;
      this.#turn();
    });
  }

  #setAlarm(): void {
    if (this.#alarm <= this.#deadline) return;
    const time = this.#deadline;
    this.#alarm = time;
    this.#later(time, () => {
      if (this.#alarm !== time) return;
      this.#alarm = NEVER;
      if (this.#deadline <= time) this.#turn();
      else this.#setAlarm();
    });
  }

  /** If it is not switched off until then. */
  #later(time: Time, action: () => void): void {
    const boots = this.#boots;
    this.#simulation.at(time, () => {
      if (boots === this.#boots && this.isOn) action();
    });
  }

  #turn(): void {
    if (this.#isHanging) return;
    for (let turns = 0; turns < MOST_TURNS; turns++) {
      const next = this.#run(() => BigInt.asUintN(64, this.exports["poll"](this.#clock())));
      this.turns += 1;
      const { now } = this.board;
      const clock = this.#clock();
      if (next <= clock && now === this.#simulation.now) continue;
      this.#deadline = next === FOREVER ? NEVER : Math.max(now, now + Number(next - clock));
      this.#setAlarm();
      return;
    }
    throw new Trap(this.name, this.#simulation.now, "it turns and never sleeps");
  }

  #run<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw new Trap(this.name, this.#simulation.now, error);
    }
  }

  /** A machine's clock begins when it is switched on. While the program waits for lines of its board, time passes for it. */
  #clock = (): bigint => BigInt(this.board.now - this.#bootedAt);

  #imports(): WebAssembly.ModuleImports {
    const { devices, board } = this;
    const given = this.#options.given === undefined ? [] : [new TextEncoder().encode(this.#options.given)];
    const memory = () => this.memory.buffer;
    return {
      now: this.#clock,
      wall: () => BigInt(this.#simulation.epoch) * BigInt(SECOND) + BigInt(this.#simulation.now),
      write: (byte: number) => this.#write(byte),
      random: () => this.#random.u64(),
      givenTexts: () => given.length,
      givenForm: () => LINES,
      givenSize: (n: number) => given[n]!.length,
      givenRead: (n: number, to: number) => new Uint8Array(memory(), to >>> 0).set(given[n]!),
      refuse: () => {
        throw new Refused();
      },
      mac: (index: number) => devices[index]?.mac ?? -1n,
      mtu: (index: number) => devices[index]?.mtu ?? 0,
      up: (index: number) => Number(devices[index]?.port.hasCarrier ?? false),
      offloads: (index: number) => Number(devices[index]?.offloads ?? false),
      receive: (index: number, to: number, most: number) =>
        devices[index]!.receive(new Uint8Array(memory(), to >>> 0, most)),
      transmit: (index: number, from: number, length: number, tail: number, more: number, ...task: Task) => {
        const frame = new Uint8Array(length + more);
        frame.set(new Uint8Array(memory(), from >>> 0, length));
        frame.set(new Uint8Array(memory(), tail >>> 0, more), length);
        devices[index]!.transmit(frame, ...task);
      },
      pinInput: (pin: number, pull: number) => board.input(pin, pulls[pull]),
      pinPull: (pin: number, pull: number) => board.pull(pin, pulls[pull]),
      pinDrive: (pin: number, level: number, isOpenDrain: number) =>
        board.drive(pin, level === 0 ? "low" : isOpenDrain === 0 ? "high" : undefined),
      pinLevel: (pin: number) => Number(board.level(pin) === "high"),
      pinWatch: (pin: number) => board.watch(pin),
      pinPause: (time: bigint) => board.pause(Number(time)),
      watchdog: (time: bigint) => this.#watchdog.feed(Number(time)),
      held: (index: number, received: number, sending: number) => {
        devices[index]!.held = { received, sending };
      },
    };
  }

  #write(byte: number): void {
    if (byte === RETURN) return;
    if (byte !== END) {
      this.#line += String.fromCharCode(byte);
      return;
    }
    const line = { time: this.#simulation.now, text: this.#line };
    this.#line = "";
    if (this.console.length < MOST_LINES) this.console.push(line);
    this.#simulation.tell({ kind: "console", machine: this.name, ...line });
  }

  #note(what: string): void {
    this.#simulation.tell({ kind: "note", time: this.#simulation.now, text: `${this.name} ${what}` });
  }
}

/** What a device does with a frame: `Device.transmit`. */
type Task = [start: number, offset: number, size: number];

/** What programs with asserts in them import. */
const traps: WebAssembly.Imports = {
  env: {
    abort: (_message: number, _file: number, line: number, column: number): never => {
      throw new Error(`abort at line ${line}, column ${column}`);
    },
  },
};
