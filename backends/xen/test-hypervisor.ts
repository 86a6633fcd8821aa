/** A model of the hypervisor for tests of drivers in V8: what `hw` reaches. Only what these drivers use, and strict about it. */
import type { AsImports } from "#tools/load-as";
import { fields } from "../x86/boot/layout.ts";

/** Where the model puts linear memory; beside that there are only the pages of `pages`. */
const RAM = 0x1000_0000;
const PAGE = 4096;

/** Frames that the toolstack has given the guest. */
export const frames = { console: 0xfefff, store: 0xfeffc } as const;
/** Ports that the toolstack has opened for the guest. */
export const ports = { store: 1, console: 2 } as const;
/** Seconds since 1970. */
const BOOTED = 1_700_000_000;
const COMMAND_LINE = 0x5000;
const MODULE = 0x40_0000;
/** Memory that stays over a warm restart. */
const KEPT = 0x60_0000;
const KEPT_SIZE = 8192;

const status = { closed: 0, unbound: 1, interdomain: 2 } as const;

/** Thrown when nothing would ever wake the guest. */
export class Asleep extends Error {}
/** Thrown when the guest has ended. */
export class Ended extends Error {
  readonly reason: number;
  constructor(reason: number) {
    super(`the guest has ended: ${reason}`);
    this.reason = reason;
  }
}

interface Port {
  status: number;
  remote: number;
  pending: boolean;
  /** The other side hears the guest's events. */
  heard: () => void;
}

export interface GuestOptions {
  readonly commandLine?: string;
  /** A file that the toolstack puts beside the image. */
  readonly module?: string;
  readonly record?: Readonly<Partial<Record<keyof typeof fields, bigint>>>;
  readonly cpuid?: Readonly<Record<number, readonly number[]>>;
  readonly rdrand?: () => bigint;
  /** Frames of the grant table that there are. */
  readonly grantFrames?: number;
}

export class TestXen {
  memory: WebAssembly.Memory | undefined;
  readonly pages = new Map<number, Uint8Array>();
  readonly ports = new Map<number, Port>();
  /** Of the hypervisor's clock; also the time stamp counter. */
  time = 1_000_000_000n;
  /** What happens when the guest sleeps, one after the other; each may wake it. */
  readonly tasks: (() => void)[] = [];
  /** When nothing is left to do and the guest sleeps: a test lets something happen, which may be nothing. */
  idle: () => void = () => {
    throw new Asleep();
  };
  polls = 0;
  sends = 0;
  /** Loads and stores outside of linear memory, which a bounded piece of work makes only so many of. */
  accesses = 0;
  /** What another processor does before every load of 64 bits. */
  meddle: (address: number) => void = () => {};
  /** Sees every load of the guest's drivers. */
  watch: (address: number, length: number) => void = () => {};
  /** How many there were when the guest slept last. */
  #rested = 0;
  /** How often it slept since there was nothing to do. */
  #busy = 0;
  readonly #options: GuestOptions;
  readonly #shared = new Uint8Array(PAGE);
  readonly #grants: Uint8Array[];
  readonly #line: Uint8Array;
  readonly #kept = new Uint8Array(KEPT_SIZE);

  constructor(options: GuestOptions = {}) {
    this.#options = options;
    this.#line = new TextEncoder().encode(options.commandLine ?? "");
    this.#grants = Array.from({ length: options.grantFrames ?? 4 }, () => new Uint8Array(PAGE));
    this.pages.set(frames.console, new Uint8Array(PAGE));
    this.pages.set(frames.store, new Uint8Array(PAGE));
    for (const [at, text] of [
      [COMMAND_LINE, this.#line],
      [MODULE, new TextEncoder().encode(options.module ?? "")],
    ] as const) {
      const page = new Uint8Array(PAGE);
      page.set(text);
      this.pages.set(at / PAGE, page);
    }
    for (const port of Object.values(ports)) this.#open(port, status.interdomain, 0);
    const shared = new DataView(this.#shared.buffer);
    // One tick of the counter is one nanosecond: (ticks << 1) * 2^31 / 2^32.
    shared.setUint32(32 + 24, 0x8000_0000, true);
    shared.setUint8(32 + 28, 1);
  }

  /** What the guest has at an address, if it may touch it. */
  bytes(address: bigint | number, length: number): Uint8Array {
    const at = Number(address);
    if (at >= RAM && at + length <= RAM + (this.memory?.buffer.byteLength ?? 0))
      return new Uint8Array(this.memory!.buffer, at - RAM, length);
    if (at >= KEPT && at + length <= KEPT + KEPT_SIZE)
      return this.#kept.subarray(at - KEPT, at - KEPT + length);
    const page = this.pages.get(Math.floor(at / PAGE));
    const offset = at % PAGE;
    if (page === undefined || offset + length > PAGE)
      throw new Error(`nothing is at 0x${at.toString(16)} (${length} bytes)`);
    return page.subarray(offset, offset + length);
  }

  view(address: bigint | number, length: number): DataView {
    const { buffer, byteOffset } = this.bytes(address, length);
    return new DataView(buffer, byteOffset, length);
  }

  /** Text in the console's ring that nobody has read; it is read now. */
  readConsole(): string {
    const ring = this.view(frames.console * PAGE, PAGE);
    const [from, to] = [ring.getUint32(3080, true), ring.getUint32(3084, true)];
    let text = "";
    for (let at = from; at !== to; at = (at + 1) >>> 0)
      text += String.fromCharCode(ring.getUint8(1024 + (at & 2047)));
    ring.setUint32(3080, to, true);
    return text;
  }

  /** The guest's address of a part of its linear memory. */
  addressOf(part: DataView): number {
    if (part.buffer !== this.memory?.buffer) throw new Error("no part of the guest's memory");
    return RAM + part.byteOffset;
  }

  // ---- event channels

  #open(port: number, state: number, remote: number): void {
    this.ports.set(port, { status: state, remote, pending: false, heard: () => {} });
  }

  #port(port: number): Port {
    return this.ports.get(port) ?? { status: status.closed, remote: 0, pending: false, heard: () => {} };
  }

  /** The domain `remote` binds to a port that the guest has opened for it, and hears it. */
  bind(port: number, remote: number, heard: () => void): void {
    const found = this.#port(port);
    if (found.status !== status.unbound || found.remote !== remote)
      throw new Error(`port ${port} is not for domain ${remote}`);
    found.status = status.interdomain;
    found.heard = heard;
  }

  unbind(port: number): void {
    const found = this.ports.get(port);
    if (found?.status === status.interdomain) found.status = status.unbound;
  }

  /** The other side of a port tells the guest. */
  raise(port: number): void {
    if (this.#port(port).status === status.closed) return;
    this.#port(port).pending = true;
    const shared = new DataView(this.#shared.buffer);
    const word = port >> 6;
    shared.setBigUint64(
      2048 + 8 * word,
      shared.getBigUint64(2048 + 8 * word, true) | (1n << BigInt(port & 63)),
      true,
    );
    shared.setBigUint64(8, shared.getBigUint64(8, true) | (1n << BigInt(word)), true);
    shared.setUint8(0, 1);
  }

  #isPending(port: number): boolean {
    const word = new DataView(this.#shared.buffer).getBigUint64(2048 + 8 * (port >> 6), true);
    return ((word >> BigInt(port & 63)) & 1n) !== 0n;
  }

  // ---- grants

  /** A page that the guest lets `domain` use, as the hypervisor checks it. */
  granted(reference: number, domain: number, writes: boolean): Uint8Array {
    const view = this.grantView(reference);
    const flags = view.getUint16(0, true);
    if ((flags & 3) !== 1) throw new Error(`grant ${reference} allows no access`);
    if (view.getUint16(2, true) !== domain) throw new Error(`grant ${reference} is not for ${domain}`);
    if (writes && (flags & 4) !== 0) throw new Error(`grant ${reference} is not for writing`);
    return this.bytes(view.getUint32(4, true) * PAGE, PAGE);
  }

  /** Marks a grant as one that is mapped, or not any more. */
  use(reference: number, inUse: boolean): void {
    const view = this.grantView(reference);
    const flags = view.getUint16(0, true);
    view.setUint16(0, inUse ? flags | 8 : flags & ~8, true);
  }

  /** How many grants allow something. */
  get grantCount(): number {
    let count = 0;
    for (let n = 0; n < (this.#grants.length * PAGE) / 8; n++)
      if ((this.grantView(n).getUint16(0, true) & 3) !== 0) count++;
    return count;
  }

  /** The frame that a grant names, and all that are granted to a domain. */
  grantedFrame(reference: number): number {
    return this.grantView(reference).getUint32(4, true);
  }

  grantedFrames(domain: number): number[] {
    const all: number[] = [];
    for (let n = 0; n < (this.#grants.length * PAGE) / 8; n++) {
      const view = this.grantView(n);
      if ((view.getUint16(0, true) & 3) !== 0 && view.getUint16(2, true) === domain)
        all.push(view.getUint32(4, true));
    }
    return all;
  }

  grantView(reference: number): DataView {
    const frame = this.#grants[Math.floor((reference * 8) / PAGE)];
    if (frame === undefined) throw new Error(`there is no grant ${reference}`);
    return new DataView(frame.buffer, (reference * 8) % PAGE, 8);
  }

  // ---- hypercalls

  #hypercall(number: number, command: bigint, argument: bigint): bigint {
    const key = `${number} ${command}`;
    const at = (length: number) => this.view(argument, length);
    if (key === "34 0") return this.#setParameter(at(16));
    if (key === "34 1") return this.#parameter(at(16));
    if (key === "12 7") return this.#map(at(24));
    if (key === "32 6") {
      const view = at(8);
      let port = 3;
      while (this.#port(port).status !== status.closed) port++;
      this.#open(port, status.unbound, view.getUint16(2, true));
      view.setUint32(4, port, true);
    } else if (key === "32 3") this.ports.delete(at(4).getUint32(0, true));
    else if (key === "32 4") {
      this.sends++;
      const port = this.#port(at(4).getUint32(0, true));
      if (port.status === status.closed) return -22n;
      port.heard();
    } else if (key === "32 5") {
      const view = at(24);
      const port = view.getUint32(4, true);
      if (port >= 1024) return -22n;
      view.setUint32(8, this.#port(port).status, true);
    } else if (key === "29 3") this.#poll(at(24));
    else if (key === "29 2") throw new Ended(at(4).getUint32(0, true));
    else throw new Error(`hypercall ${key}`);
    return 0n;
  }

  /** How events interrupt: then it also sees how many bits the guest has. */
  #setParameter(view: DataView): bigint {
    if (view.getUint32(4, true) !== 0 || view.getBigUint64(8, true) !== 0n) return -22n;
    new DataView(this.#shared.buffer).setUint32(3072 + 4, BOOTED, true);
    return 0n;
  }

  #parameter(view: DataView): bigint {
    const values: Readonly<Record<number, number>> = {
      1: frames.store,
      2: ports.store,
      17: frames.console,
      18: ports.console,
    };
    view.setBigUint64(8, BigInt(values[view.getUint32(4, true)] ?? 0), true);
    return 0n;
  }

  #map(view: DataView): bigint {
    const [space, index] = [view.getUint32(4, true), Number(view.getBigUint64(8, true))];
    const page = space === 0 ? this.#shared : this.#grants[index];
    if (page === undefined) return -22n;
    this.pages.set(Number(view.getBigUint64(16, true)), page);
    return 0n;
  }

  #poll(view: DataView): void {
    this.#rested = this.accesses;
    this.polls++;
    if (++this.#busy > 2000) throw new Error("the guest never comes to rest");
    const [at, count] = [view.getBigUint64(0, true), view.getUint32(8, true)];
    const until = view.getBigUint64(16, true);
    const list = this.view(at, 4 * count);
    const wanted = Array.from({ length: count }, (_, n) => list.getUint32(4 * n, true));
    while (!wanted.some((port) => this.#isPending(port))) {
      const task = this.tasks.shift();
      if (task !== undefined) task();
      else if (until !== 0n) {
        if (until > this.time) this.time = until;
        return;
      } else {
        this.#busy = 0;
        this.idle();
      }
    }
  }

  imports(): AsImports {
    const write = (address: bigint, length: number) => {
      if (++this.accesses - this.#rested > 2_000_000) throw new Error("the guest never sleeps");
      return this.view(BigInt.asUintN(64, address), length);
    };
    const read = (address: bigint, length: number) => {
      this.watch(Number(address), length);
      return write(address, length);
    };
    return {
      hw: {
        load8: (address: bigint) => read(address, 1).getUint8(0),
        load16: (address: bigint) => read(address, 2).getUint16(0, true),
        load32: (address: bigint) => read(address, 4).getUint32(0, true),
        load64: (address: bigint) => {
          this.meddle(Number(address));
          return read(address, 8).getBigUint64(0, true);
        },
        store8: (address: bigint, value: number) => write(address, 1).setUint8(0, value),
        store16: (address: bigint, value: number) => write(address, 2).setUint16(0, value, true),
        store32: (address: bigint, value: number) => write(address, 4).setUint32(0, value, true),
        store64: (address: bigint, value: bigint) => write(address, 8).setBigUint64(0, value, true),
        exchange: (address: bigint, value: bigint) => {
          const view = read(address, 8);
          const old = view.getBigUint64(0, true);
          view.setBigUint64(0, value, true);
          return old;
        },
        fence: () => {},
        rdtsc: () => {
          this.time += 100n;
          return this.time;
        },
        cpuid: (leaf: number, _subleaf: number, register: number) =>
          this.#options.cpuid?.[leaf >>> 0]?.[register] ?? 0,
        rdrand: () => this.#options.rdrand?.() ?? 0x1234_5678_9abc_def0n,
        physical: (pointer: number) => BigInt(RAM + (pointer >>> 0)),
        readable: (pointer: number) => BigInt(RAM + (pointer >>> 0)),
        kept: () => BigInt(KEPT),
        boot: (field: number) => this.#boot(field),
        hypercall: (number: number, a: bigint, b: bigint) =>
          this.#hypercall(number, BigInt.asUintN(64, a), BigInt.asUintN(64, b)),
        restart: () => {
          throw new Error("restart");
        },
        stop: () => {
          throw new Ended(0);
        },
      },
      math: {
        mul64hi: (a: bigint, b: bigint) =>
          BigInt.asIntN(64, (BigInt.asUintN(64, a) * BigInt.asUintN(64, b)) >> 64n),
      },
    };
  }

  #boot(field: number): bigint {
    const name = Object.entries(fields).find(([, number]) => number === field)?.[0] as
      | keyof typeof fields
      | undefined;
    if (name === "commandLine") return BigInt(COMMAND_LINE);
    if (name === "commandLineLength") return BigInt(this.#line.length);
    if (name === "module") return BigInt(MODULE);
    if (name === "moduleSize") return BigInt(this.#options.module?.length ?? 0);
    return (name === undefined ? undefined : this.#options.record?.[name]) ?? 0n;
  }
}
