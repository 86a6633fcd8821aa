/**
 * An ESP32-C3 for tests: what its ROM does, RAM, flash memory through its cache, UART, system timer, interrupt matrix and watchdogs, and OpenCores' MAC as Espressif's QEMU has it. An
 * address that nothing has is a fault; so is a read of flash memory while its cache is off or has not forgotten what it had, and one of less than a word where instructions are.
 */

import { C3_ID, FLASH_PAGE, HEADER, loaders, MAGIC, SEGMENT_HEADER } from "../esp32/image/format.ts";
import { OpenEth } from "../esp32/test-open-eth.ts";
import {
  brownOut,
  cache,
  hardwareAddress,
  interrupts,
  network,
  ram,
  resetState,
  restart,
  timer,
  uart,
  watchdogs,
  windows,
} from "./boot/chip.ts";
import { Processor } from "./test-processor.ts";

/** Instructions in a tick of the system timer: 160 MHz, 16 MHz. */
const PER_TICK = 10;
/** A watchdog that nobody switches off bites within so many instructions. */
const PATIENCE = 100_000;
const cacheRegisters: ReadonlySet<number> = new Set([
  ...[cache.control, cache.buses, cache.sync, cache.preload, cache.autoload],
]);
/** Bits by which the cache says that it has nothing to do. */
const idle: ReadonlyMap<number, number> = new Map<number, number>([
  [cache.preload, 1 << cache.preloaded],
  [cache.autoload, 1 << cache.autoloaded],
]);
const ADDRESS = [0xc401_0203, 0x240a] as const;

export class Chip {
  readonly flash: Uint8Array;
  /** What the UART has said. */
  said = "";
  /** 1 is power. */
  resetCause = 1;
  /** Registers that were written, in order. */
  readonly written: [address: number, value: number][] = [];
  readonly #ram = new Uint8Array(ram.size);
  readonly #registers = new Map<number, number>();
  /** Pages of flash memory that the windows show; what the cache knows of them. */
  readonly #pages = new Array<number>(cache.entries).fill(cache.unmapped);
  #known: readonly number[] = [];
  readonly network = new OpenEth({
    load: (address, bytes) => this.#load(address, bytes),
    store: (address, bytes, value) => this.#store(address, bytes, value),
  });
  readonly #processor: Processor;
  #instructions = 0;
  #skipped = 0;
  #alarm: number | undefined;
  #rings = false;
  #latched = 0;

  constructor(image: Uint8Array, size = 4 << 20) {
    this.flash = new Uint8Array(size).fill(0xff);
    this.flash.set(image);
    this.#processor = new Processor({
      load: (address, bytes) => this.#load(address, bytes),
      store: (address, bytes, value) => this.#store(address, bytes, value),
      fetch: (address) => this.#fetch(address),
      lines: () => this.#lines(),
      sleeps: () => this.#sleep(),
    });
  }

  /** What the ROM does: loads the image at 0 if it is for this chip and its checksum is right. */
  boot(): void {
    const view = new DataView(this.flash.buffer);
    if (view.getUint8(loaders.esp32c3) !== MAGIC) throw new Error("invalid header");
    if (view.getUint16(12, true) !== C3_ID) throw new Error(`wrong chip id ${view.getUint16(12, true)}`);
    let at = HEADER;
    let checksum = 0xef;
    for (let n = view.getUint8(1); n > 0; n--) {
      const [address, size] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
      const bytes = this.flash.subarray(at + SEGMENT_HEADER, at + SEGMENT_HEADER + size);
      for (const byte of bytes) checksum ^= byte;
      const start = address - (address >= ram.code ? ram.code : ram.data);
      if (start < 0 || start + size > ram.size) throw new Error(`no memory at ${address.toString(16)}`);
      this.#ram.set(bytes, start);
      at += SEGMENT_HEADER + size;
    }
    if (this.flash[at | 15] !== checksum) throw new Error("csum err");
    this.#processor.pc = view.getUint32(4, true);
  }

  /** As if a jump had gone wrong. */
  go(address: number): void {
    this.#processor.pc = address;
  }

  /** Until the UART has said this, behind so many characters; not for ever. */
  until(text: string, from = 0): void {
    for (let n = 0; n < 20_000; n++) {
      this.run(1000);
      if (this.said.includes(text, from)) return;
    }
    throw new Error(`${text} was not said: ${this.said}`);
  }

  /** Until it resets itself; all that it has said. */
  toEnd(): string {
    try {
      this.until("\0");
    } catch (error) {
      if (!String(error).includes("restarts")) throw error;
    }
    return this.said;
  }

  run(instructions: number): void {
    for (let n = 0; n < instructions; n++) {
      this.#processor.step();
      this.#instructions++;
      if (this.#instructions === PATIENCE) this.#bite();
    }
  }

  get #now(): number {
    return Math.floor((this.#instructions + this.#skipped) / PER_TICK);
  }

  #fault(what: string): never {
    throw new Error(`${what}, at ${this.#processor.pc.toString(16)}`);
  }

  #bite(): void {
    for (const { config, value } of watchdogs)
      if (this.#registers.get(config) !== value) this.#fault(`the watchdog of ${config.toString(16)}`);
    if (this.#registers.get(brownOut.register) !== brownOut.value) this.#fault("no brown-out detector");
  }

  // ---- memory

  #fetch(address: number): number {
    if ((address & 1) !== 0) this.#fault(`code at ${address.toString(16)}`);
    const [memory, at] = this.#place(address, 2, "code");
    return memory[at]! | (memory[at + 1]! << 8);
  }

  /** Through one of the buses. */
  #place(address: number, bytes: number, bus: "code" | "data"): readonly [memory: Uint8Array, at: number] {
    const inRam = address - ram[bus];
    if (inRam >= 0 && inRam + bytes <= ram.size) return [this.#ram, inRam];
    const seen = address - windows[bus];
    if (seen < 0 || seen + bytes > windows.size) this.#fault(`nothing is at ${address.toString(16)}`);
    const isOn = this.#registers.get(cache.control) === cache.enabled;
    if (!isOn || this.#registers.get(cache.buses) !== 0) this.#fault("the cache is off");
    const page = this.#known[Math.floor(seen / FLASH_PAGE)] ?? cache.unmapped;
    const at = page * FLASH_PAGE + (seen % FLASH_PAGE);
    if (page >= cache.unmapped || at + bytes > this.flash.length)
      this.#fault(`no page is at ${address.toString(16)}`);
    return [this.flash, at];
  }

  #load(address: number, bytes: number): number {
    if (address >= 0x6000_0000) return this.#register(address) | 0;
    const isCode = address >= ram.code;
    if (isCode && (bytes !== 4 || (address & 3) !== 0))
      this.#fault(`a part of a word of code, ${address.toString(16)}`);
    const [memory, at] = this.#place(address, bytes, isCode ? "code" : "data");
    let value = 0;
    for (let n = bytes - 1; n >= 0; n--) value = (value << 8) | memory[at + n]!;
    return value;
  }

  #store(address: number, bytes: number, value: number): void {
    if (address >= 0x6000_0000) return this.#write(address, value >>> 0);
    const [memory, at] = this.#place(address, bytes, "data");
    if (memory === this.flash) this.#fault(`a write to flash memory, ${address.toString(16)}`);
    for (let n = 0; n < bytes; n++) memory[at + n] = value >>> (8 * n);
  }

  // ---- devices

  #register(address: number): number {
    if (address === uart.base + uart.status) return 0;
    if (address >= network && address < network + 0x800) return this.network.load(address - network);
    if (address === hardwareAddress) return ADDRESS[0];
    if (address === hardwareAddress + 4) return ADDRESS[1];
    if (address === timer.base + timer.read) return 1 << timer.valid;
    if (address === timer.base + timer.high) return Math.floor(this.#latched / 2 ** 32);
    if (address === timer.base + timer.low) return (this.#latched % 2 ** 32) | 0;
    if (address === restart.address) return 0;
    if (address === resetState) return this.resetCause;
    if (cacheRegisters.has(address)) return (this.#registers.get(address) ?? 0) | (idle.get(address) ?? 0);
    return this.#fault(`nobody reads the register ${address.toString(16)}`);
  }

  #write(address: number, value: number): void {
    const lock = watchdogs.find(({ config }) => config === address);
    const page = (address - cache.table) / 4;
    if (page >= 0 && page < cache.entries) {
      if (this.#registers.get(cache.control) !== 0) this.#fault("the table is written while the cache is on");
      this.#pages[page] = value;
      this.#known = [];
      return;
    }
    if (lock !== undefined && this.#registers.get(lock.lock) !== lock.key)
      this.#fault("a watchdog is locked");
    this.#registers.set(address, value);
    if (this.written.length < 10_000) this.written.push([address, value]);
    if (address === cache.sync && (value & cache.invalidate) !== 0) {
      this.#known = [...this.#pages];
      this.#registers.set(address, 1 << cache.synced);
    }
    if (address === uart.base) this.said += String.fromCharCode(value & 255);
    else if (address >= network && address < network + 0x800) this.network.store(address - network, value);
    else if (address === timer.base + timer.read) this.#latched = this.#now;
    else if (address === timer.base + timer.clear) this.#rings = false;
    else if (address === timer.base + timer.take) {
      const at = (offset: number) => this.#registers.get(timer.base + offset) ?? 0;
      this.#alarm = at(timer.targetHigh) * 2 ** 32 + at(timer.targetLow);
    } else if (address === restart.address && value >>> restart.bit === 1) this.#fault("restarts");
  }

  /** Of the processor: those whose source is led to them, that are enabled, and that have a priority that comes through. */
  #lines(): number {
    if (this.#alarm !== undefined && this.#now >= this.#alarm) {
      this.#alarm = undefined;
      this.#rings = true;
    }
    const at = (offset: number) => this.#registers.get(interrupts.base + offset) ?? 0;
    let lines = 0;
    for (const [source, isUp] of [
      [interrupts.ethernet.source, this.network.interrupts],
      [interrupts.timer.source, this.#rings && this.#registers.get(timer.base + timer.enabled) === 1],
    ] as const) {
      const line = at(4 * source);
      if (isUp && at(interrupts.priority + 4 * line) >= at(interrupts.threshold)) lines |= 1 << line;
    }
    return lines & at(interrupts.enable);
  }

  #sleep(): void {
    if (this.#lines() !== 0) return;
    if (this.#alarm === undefined) this.#fault("it sleeps for ever");
    this.#skipped += Math.max(0, (this.#alarm - this.#now) * PER_TICK);
  }
}
