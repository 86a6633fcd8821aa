/** A model of a machine for tests of drivers in V8: what `hw` reaches. Only what these drivers use, and strict about it. */
import type { AsImports } from "#tools/load-as";
import { fields } from "../x86/boot/layout.ts";
import type { NetDevice } from "./test-virtio.ts";

/** Where the model puts linear memory; nothing else is RAM. */
const RAM = 0x1000_0000n;

export class GuestMemory {
  memory: WebAssembly.Memory | undefined;

  bytes(address: bigint, length: number): Uint8Array {
    const at = Number(address - RAM);
    if (at < 0 || at + length > this.memory!.buffer.byteLength)
      throw new Error(`a device was told of address 0x${address.toString(16)}`);
    return new Uint8Array(this.memory!.buffer, at, length);
  }
  has(address: bigint): boolean {
    return address >= RAM && address < RAM + BigInt(this.memory?.buffer.byteLength ?? 0);
  }
  #view(address: bigint, length: number): DataView {
    const bytes = this.bytes(address, length);
    return new DataView(bytes.buffer, bytes.byteOffset, length);
  }
  u16(address: bigint): number {
    return this.#view(address, 2).getUint16(0, true);
  }
  u32(address: bigint): number {
    return this.#view(address, 4).getUint32(0, true);
  }
  u64(address: bigint): bigint {
    return this.#view(address, 8).getBigUint64(0, true);
  }
  setU16(address: bigint, value: number): void {
    this.#view(address, 2).setUint16(0, value, true);
  }
  setU32(address: bigint, value: number): void {
    this.#view(address, 4).setUint32(0, value, true);
  }
}

/** Registers at addresses or ports. `size` is that of the access. */
export interface Region {
  readonly from: bigint;
  readonly to: bigint;
  read(offset: number, size: number): number;
  write(offset: number, size: number, value: number): void;
}

/** Thrown by `hw.wait` when nothing would ever wake the machine. */
export class Asleep extends Error {}
/** Thrown by `hw.stop`. */
export class Stopped extends Error {}

export interface MachineOptions {
  readonly commandLine?: string;
  readonly record?: Readonly<Partial<Record<keyof typeof fields, bigint>>>;
  /** [leaf, subleaf] → eax, ebx, ecx, edx */
  readonly cpuid?: Readonly<Record<number, readonly number[]>>;
}

const LAPIC = 0xfee0_0000n;

export class TestMachine {
  readonly memory = new GuestMemory();
  readonly regions: Region[] = [];
  readonly ports: Region[] = [];
  console = "";
  /** Ticks of the time stamp counter; each reading takes some. */
  tsc = 1_000_000n;
  readonly msr = new Map<number, bigint>([[0x1b, LAPIC | 0x900n]]);
  /** Called when the machine sleeps without a pending interrupt: a test lets something happen, or throws. */
  idle: () => void = () => {
    throw new Asleep();
  };
  waits = 0;
  readonly #text: Uint8Array;
  readonly #options: MachineOptions;
  readonly #local = new Map<number, number>();
  /** When the timer was set. */
  #counting = 0n;
  #pending = 0n;
  #inService = 0;

  constructor(options: MachineOptions = {}) {
    this.#options = options;
    this.#text = new TextEncoder().encode(options.commandLine ?? "");
    this.ports.push(this.#serial(), this.#eights());
    this.regions.push(this.#localApic(), this.#commandLine());
  }

  /** Devices of this vector want attention. It is taken at the next sleep. */
  raise(vector: number): void {
    this.#pending |= 1n << BigInt(vector - 32);
  }

  imports(): AsImports {
    const unsigned = (value: bigint) => BigInt.asUintN(64, value);
    const at = (address: bigint) => unsigned(address);
    return {
      hw: {
        in8: (port: number) => this.#port(port).read(port, 1),
        in16: (port: number) => this.#port(port).read(port, 2),
        in32: (port: number) => this.#port(port).read(port, 4),
        out8: (port: number, value: number) => this.#port(port).write(port, 1, value & 255),
        out16: (port: number, value: number) => this.#port(port).write(port, 2, value & 0xffff),
        out32: (port: number, value: number) => this.#port(port).write(port, 4, value >>> 0),
        load8: (address: bigint) => this.#load(at(address), 1),
        load16: (address: bigint) => this.#load(at(address), 2),
        load32: (address: bigint) => this.#load(at(address), 4),
        load64: (address: bigint) =>
          BigInt(this.#load(at(address), 4) >>> 0) | (BigInt(this.#load(at(address) + 4n, 4) >>> 0) << 32n),
        store8: (address: bigint, value: number) => this.#store(at(address), 1, value & 255),
        store16: (address: bigint, value: number) => this.#store(at(address), 2, value & 0xffff),
        store32: (address: bigint, value: number) => this.#store(at(address), 4, value >>> 0),
        fence: () => {},
        pause: () => {},
        wait: () => this.#wait(),
        rdtsc: () => {
          this.tsc += 100n;
          return this.tsc;
        },
        rdmsr: (register: number) => this.msr.get(register >>> 0) ?? 0n,
        wrmsr: (register: number, value: bigint) => void this.msr.set(register >>> 0, unsigned(value)),
        cpuid: (leaf: number, _subleaf: number, register: number) =>
          this.#options.cpuid?.[leaf >>> 0]?.[register] ?? 0,
        rdrand: () => 0x1234_5678_9abc_def0n,
        physical: (pointer: number) => RAM + BigInt(pointer >>> 0),
        readable: (pointer: number) => RAM + BigInt(pointer >>> 0),
        atRestart: () => {},
        boot: (field: number) => this.#boot(field),
        interrupts: () => {
          const taken = this.#pending;
          this.#pending = 0n;
          return taken;
        },
        restart: () => {
          throw new Error("restart");
        },
        stop: () => {
          throw new Stopped();
        },
      },
      math: { mul64hi: (a: bigint, b: bigint) => BigInt.asIntN(64, (unsigned(a) * unsigned(b)) >> 64n) },
    };
  }

  #wait(): void {
    this.waits++;
    while (this.#pending === 0n) this.idle();
    for (let left = this.#pending; left !== 0n; left &= left - 1n) this.#inService++;
  }

  #boot(field: number): bigint {
    const name = Object.entries(fields).find(([, number]) => number === field)?.[0] as
      | keyof typeof fields
      | undefined;
    if (name === "commandLine") return 0x5000n;
    if (name === "commandLineLength") return BigInt(this.#text.length);
    return (name === undefined ? undefined : this.#options.record?.[name]) ?? 0n;
  }

  #port(port: number): Region {
    return this.ports.find(({ from, to }) => port >= from && port < to) ?? nothing;
  }

  #load(address: bigint, size: number): number {
    if (this.memory.has(address)) {
      const bytes = this.memory.bytes(address, size);
      return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
    }
    const region = this.regions.find(({ from, to }) => address >= from && address < to);
    return region === undefined ? nothing.read(0, size) : region.read(Number(address - region.from), size);
  }

  #store(address: bigint, size: number, value: number): void {
    if (this.memory.has(address)) {
      const bytes = this.memory.bytes(address, size);
      for (let n = 0; n < size; n++) bytes[n] = (value / 2 ** (8 * n)) & 255;
      return;
    }
    const region = this.regions.find(({ from, to }) => address >= from && address < to);
    region?.write(Number(address - region.from), size, value);
  }

  #serial(): Region {
    let scratch = 0;
    return {
      from: 0x3f8n,
      to: 0x400n,
      read: (port) => (port === 0x3ff ? scratch : port === 0x3fd ? 0x60 : 0),
      write: (port, _size, value) => {
        if (port === 0x3ff) scratch = value;
        // With the divisor latch open the first two ports are the speed.
        else if (port === 0x3fb) this.#latch = (value & 0x80) !== 0;
        else if (port === 0x3f8 && !this.#latch) this.console += String.fromCharCode(value);
      },
    };
  }
  #latch = false;

  #eights(): Region {
    return { from: 0x20n, to: 0xa2n, read: () => 0, write: () => {} };
  }

  #commandLine(): Region {
    return { from: 0x5000n, to: 0x6000n, read: (offset) => this.#text[offset] ?? 0, write: () => {} };
  }

  #localApic(): Region {
    return {
      from: LAPIC,
      to: LAPIC + 0x1000n,
      read: (offset) => {
        if (offset === 0x110) return this.#inService;
        if (offset !== 0x390) return this.#local.get(offset) ?? 0;
        // The timer counts at 1 GHz, and so does the time stamp counter.
        this.tsc += 1000n;
        return Math.max(0, (this.#local.get(0x380) ?? 0) - Number(this.tsc - this.#counting));
      },
      write: (offset, _size, value) => {
        if (offset === 0xb0) {
          if (this.#inService === 0) throw new Error("an end without an interrupt");
          this.#inService--;
        }
        if (offset === 0x380) this.#counting = this.tsc;
        this.#local.set(offset, value);
      },
    };
  }
  /** Interrupts that were taken and not ended. */
  get inService(): number {
    return this.#inService;
  }
  local(offset: number): number {
    return this.#local.get(offset) ?? 0;
  }
}

const nothing: Region = {
  from: 0n,
  to: 0n,
  read: (_offset, size) => (size === 4 ? 0xffff_ffff : size === 2 ? 0xffff : 0xff),
  write: () => {},
};

/** An I/O APIC with 24 pins at the usual address. Gives the redirection of each pin. */
export function ioApic(machine: TestMachine, from = 0xfec0_0000n): Map<number, number> {
  const registers = new Map<number, number>();
  let index = 0;
  machine.regions.push({
    from,
    to: from + 0x20n,
    read: (offset) => (offset === 0 ? index : index === 1 ? 0x0017_0020 : (registers.get(index) ?? 0x1_0000)),
    write: (offset, _size, value) => {
      if (offset === 0) index = value;
      else registers.set(index, value);
    },
  });
  return registers;
}

/** The device over MMIO, version 2; `line` is its pin of the I/O APIC. Level-triggered. */
export function mmioDevice(
  machine: TestMachine,
  device: NetDevice,
  from: bigint,
  pins: Map<number, number>,
  line: number,
  version = 2,
): void {
  const address = (offset: number, value: number) => {
    const queue = device.queues[device.selected]!;
    const name = ({ 128: "desc", 144: "avail", 160: "used" } as const)[offset & 0xf0]!;
    const half = (offset & 4) !== 0 ? 32n : 0n;
    queue[name] = (queue[name] & ~(0xffff_ffffn << half)) | (BigInt(value) << half);
  };
  const raise = () => {
    const entry = pins.get(0x10 + 2 * line);
    if (entry === undefined || (entry & 0x1_0000) !== 0)
      throw new Error("an interrupt whose line leads nowhere");
    if ((entry & 0x8000) === 0) throw new Error("a level-triggered line is not routed as one");
    machine.raise(entry & 0xff);
  };
  device.interrupt = raise;
  let page = 0;
  machine.regions.push({
    from,
    to: from + 0x200n,
    read: (offset, size) => {
      if (offset >= 0x100)
        return size === 1
          ? device.config(offset - 0x100)
          : device.config(offset - 0x100) | (device.config(offset - 0xff) << 8);
      const registers: Readonly<Record<number, number>> = {
        0: 0x7472_6976,
        4: version,
        8: 1,
        16: Number((device.offered >> BigInt(32 * page)) & 0xffff_ffffn),
        52: device.queues[device.selected]?.size ?? 0,
        96: device.isr,
        112: device.status,
        252: device.generation,
      };
      return registers[offset] ?? 0;
    },
    write: (offset, size, value) => {
      if (size !== 4) throw new Error("registers of virtio over MMIO are written whole");
      const queue = device.queues[device.selected]!;
      if (offset === 0x14 || offset === 0x24) page = value;
      else if (offset === 0x20) device.accepted |= BigInt(value) << BigInt(32 * page);
      else if (offset === 0x30) device.selected = value;
      else if (offset === 0x38) queue.size = value;
      else if (offset === 0x44) queue.ready = value === 1;
      else if (offset === 0x50) device.notified(value);
      else if (offset === 0x64) {
        device.isr &= ~value;
        // The line stays up while something is left.
        if (device.isr !== 0) raise();
      } else if (offset === 0x70) device.setStatus(value);
      else if (offset >= 0x80 && offset < 0xb0) address(offset, value);
    },
  });
}
