/**
 * An ESP32 for tests: what its ROM does, the flash cache, memories, UART, pins, watchdogs, and OpenCores' MAC in the place of its own as Espressif's QEMU has it. What hangs on its pins and
 * its cable lives in its simulation, whose time is the chip's. Stricter than QEMU where the chip is: memory of instructions is read in words only, nothing is read from flash memory while
 * the cache is off, and an address that nothing has is a fault.
 */
import { Port, Simulation } from "#simulate";
import { dice } from "../xen/test-dice.ts";
import { Elapsed, TestClocks } from "./test-clocks.ts";
import { TestEmac, type Wiring } from "./test-emac.ts";
import { lacksForNoise } from "./test-noise.ts";
import { OpenEth } from "./test-open-eth.ts";
import { TestPins } from "./test-pins.ts";
import { Processor } from "./test-processor.ts";
import { AnalogBus } from "./test-registers.ts";
import { TestWatchdogs } from "./test-watchdogs.ts";

const FLASH_WINDOW = 0x3f40_0000;
const IROM = 0x4000_0000;
const CODE_WINDOW = 0x400d_0000;
const CACHE = { control: 0x3ff0_0040, windows: 0x3ff0_0044, state: 0x3ff0_03f0, table: 0x3ff1_0000 } as const;
const ETHERNET = 0x3ff6_9000;
const INVALID = 0x100;
/** The interrupt matrix of the first processor, and sources in it: pins, and the Ethernet MAC. */
const MATRIX = 0x3ff0_0104;
const [PINS, MAC] = [22, 38] as const;
/** After a reset a source leads to a timer of the processor, which is none. */
const NOWHERE = 16;
/** Interrupts of the processor of level 1 that come from outside and have a level. */
const FROM_OUTSIDE = 0x0006_333f;
/** What a reset by a watchdog or by software leaves as it is: the low-power part. */
const RTC = { start: 0x3ff4_8000, end: 0x3ff4_9000 } as const;
/** A bit in the first of its registers resets the others, and is gone then. */
const SOFTWARE_RESET = { bit: 31, cause: 3 } as const;
const SECOND = 1e9;
/** Models of the MAC and the PHY count so many in a microsecond. */
const TICKS = 240;
const UART = { data: 0x3ff4_0000, divider: 0x3ff4_0014, baud: 115_200 } as const;
/** A part by which the speeds of both ends of a serial line may differ. */
const TOLERANCE = 0.02;
const VOLTAGE_EFUSE = 0x3ff5_a014;
/** Instructions between looks at what happens outside. */
const LOOK = 32;

interface Memory {
  readonly start: number;
  readonly bytes: Uint8Array;
  readonly words: boolean;
}

export class Chip {
  readonly flash: Uint8Array;
  /** What the UART has said. */
  said = "";
  readonly #network = new OpenEth({
    load: (address, bytes) => this.#load(address, bytes),
    store: (address, bytes, value) => this.#store(address, bytes, value),
  });
  /** Frames that were sent through that. */
  readonly sent = this.#network.sent;
  /** What was written to registers that do nothing here, by address. */
  readonly registers = new Map<number, number>();
  readonly simulation = new Simulation();
  readonly pins = new TestPins(this.simulation, this.registers);
  readonly clocks = new TestClocks(this.registers, () => this.now);
  readonly #elapsed = new Elapsed();
  readonly watchdogs = new TestWatchdogs(this.simulation, this.registers, {
    apb: () => this.clocks.apb,
    bites: (cause) => {
      this.#resetBy = cause;
    },
  });
  /** Where a cable goes to the chip's own MAC. */
  readonly port: Port;
  /** The cause of a reset that is to come. */
  #resetBy: number | undefined;
  /** It carries out nothing more. */
  #hangs = false;
  readonly #memories: readonly Memory[] = [
    { start: 0x4008_0000, bytes: new Uint8Array(0x2_0000), words: true },
    { start: 0x3ffa_e000, bytes: new Uint8Array(0x5_2000), words: false },
  ];
  /** The cache's table as it is written, and as it counts. */
  readonly #table = new Uint32Array(256);
  #mapped = new Uint32Array(256).fill(INVALID);
  readonly #processor: Processor;
  /** The chip's own Ethernet MAC; undefined where the emulators' one has its place. */
  readonly emac: TestEmac | undefined;
  readonly #analog = new AnalogBus();
  #lastRandom = 0;
  readonly #dice = dice(1);
  /** The converter finds no noise. */
  isQuiet = false;
  /** Power-on, if nothing else is said. */
  resetCause = 1;

  constructor(image: Uint8Array, size = 4 << 20, wiring?: Wiring) {
    this.flash = new Uint8Array(size).fill(0xff);
    this.flash.set(image);
    this.#processor = new Processor(
      {
        load: (address, bytes) => this.#load(address, bytes),
        store: (address, bytes, value) => this.#store(address, bytes, value),
        lines: () => this.#line(),
        quiet: () => (this.#resetBy === undefined ? this.#cyclesUntil(this.simulation.next) : 0),
      },
      IROM + 0xd_0000,
    );
    this.emac =
      wiring &&
      new TestEmac(wiring, {
        register: (address) => this.registers.get(address) ?? 0,
        load: (address, bytes) => this.#load(address, bytes),
        store: (address, value) => this.#put(address, 4, value),
        now: () => Math.floor((this.now * TICKS) / 1000) >>> 0,
        apll: this.#analog.written,
      });
    this.port = new Port(this.simulation, "chip", (frame) => this.receive(frame));
    if (this.emac === undefined) return;
    const { emac, port } = this;
    emac.onSent = (frame) => port.send(frame);
    port.onCarrier = () => (port.hasCarrier ? emac.phy.plug("full100") : emac.phy.unplug());
  }

  /** What the ROM does: loads the image at 0x1000 if its checksum is right. */
  boot(): void {
    const { strapped } = this.pins;
    if (strapped !== undefined) throw new Error(strapped);
    const view = new DataView(this.flash.buffer);
    if (view.getUint8(0x1000) !== 0xe9) throw new Error("invalid header");
    let at = 0x1000 + 24;
    let checksum = 0xef;
    for (let n = view.getUint8(0x1001); n > 0; n--) {
      const [address, size] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
      // It says `load:0xffffffff,len:-1` and gets no further.
      if (size > this.flash.length - at) throw new Error("invalid segment");
      for (let byte = 0; byte < size; byte++) {
        const value = this.flash[at + 8 + byte]!;
        checksum ^= value;
        this.#store(address + byte, 1, value, true);
      }
      at += 8 + size;
    }
    at = ((at - 0x1000) | 15) + 0x1000;
    if (this.flash[at] !== checksum) throw new Error("csum err");
    this.registers.set(CACHE.control, 8).set(UART.divider, this.#romDivider);
    this.#mapped[0] = 0;
    this.#processor.pc = view.getUint32(0x1004, true);
  }

  /** Until the UART has said this, behind so many characters; not for ever. */
  until(text: string, from = 0): void {
    for (let n = 0; n < 20_000; n++) {
      this.run(1000);
      if (this.said.includes(text, from)) return;
    }
    throw new Error(`${text} was not said: ${this.said}`);
  }

  run(instructions: number): void {
    for (let n = 1; n <= instructions; n++) {
      if (this.#hangs) this.#processor.pass(1);
      else this.#processor.step();
      if (n % LOOK === 0) this.#happen();
    }
  }

  /** Runs for so many nanoseconds of the chip. */
  runFor(time: number): void {
    const end = this.now + time;
    // It does not sleep for longer.
    this.simulation.at(end, () => undefined);
    while (this.now < end) {
      if (this.#hangs) {
        this.#processor.pass(
          Math.min(this.#cyclesUntil(end), Math.max(1, this.#cyclesUntil(this.simulation.next))),
        );
        this.#happen();
      } else this.run(LOOK);
    }
  }

  /** Runs until this holds; not for ever. */
  runUntil(condition: () => boolean, limit: number): void {
    const end = this.now + limit;
    while (!condition()) {
      if (this.now >= end) throw new Error(`it did not happen: ${this.said}`);
      this.runFor(SECOND / 1000);
    }
  }

  /** The program is caught in a loop in which it does nothing. */
  hang(): void {
    this.#hangs = true;
  }

  /** The ROM measures the bus's clock for it. */
  get #romDivider(): number {
    const sixteenths = Math.floor((this.clocks.apb * 16) / UART.baud);
    return (sixteenths >> 4) | ((sixteenths & 15) << 20);
  }

  // ---- time

  /** Nanoseconds since power-on. */
  get now(): number {
    return this.#elapsed.at(this.#processor.cycles);
  }

  #cyclesUntil(time: number): number {
    return time === Number.POSITIVE_INFINITY ? time : this.#elapsed.cyclesAt(time) - this.#processor.cycles;
  }

  /** The simulation has the chip's time. */
  #keepTime(): void {
    const { simulation, now } = this;
    if (now > simulation.now) simulation.run(now - simulation.now);
  }

  #happen(): void {
    if (this.simulation.next <= this.now) this.#keepTime();
    // Chips that hold a clock may let go of it.
    this.pins.board.pause(0);
    if (this.#resetBy !== undefined) this.#reset(this.#resetBy);
  }

  #reset(cause: number): void {
    this.#resetBy = undefined;
    this.#hangs = false;
    this.resetCause = cause;
    for (const address of this.registers.keys())
      if (address < RTC.start || address >= RTC.end) this.registers.delete(address);
    this.#mapped.fill(INVALID);
    this.clocks.reset();
    this.#elapsed.change(this.#processor.cycles, this.clocks.hertz);
    this.pins.reset();
    this.watchdogs.reset();
    this.emac?.powerCycle();
    this.#processor.reset(0);
    this.boot();
  }

  /** The loader has found an image, and the processor is there. */
  get runsApplication(): boolean {
    return this.#processor.pc >= CODE_WINDOW;
  }

  /** A frame arrives. */
  receive(frame: Uint8Array): void {
    if (this.emac) return this.emac.receive(frame);
    this.#network.receive(frame);
  }

  #fault(what: string): never {
    throw new Error(`${what}, at ${this.#processor.pc.toString(16)}`);
  }

  /** The device says that it has put something into the next buffer: this is the first word of its descriptor, whatever it is. */
  claim(word: number): void {
    this.#network.claim(word);
  }

  // ---- memory

  #inFlash(address: number, entry: number): number {
    if (((this.registers.get(CACHE.control) ?? 0) & 8) === 0) this.#fault("flash memory without its cache");
    const page = this.#mapped[entry]!;
    if (page & INVALID) this.#fault(`nothing is mapped at ${address.toString(16)}`);
    return page * 0x1_0000 + (address & 0xffff);
  }

  /** What its generator of random numbers is not fed for. */
  lacksForNoise(): string[] {
    return lacksForNoise((address) => this.registers.get(address) ?? 0);
  }

  /** Without noise it says the same for ever; a word is new after 2 µs. */
  #random(): number {
    if (this.lacksForNoise().length > 0 || this.isQuiet) return 0x1234_5678;
    const { now } = this;
    if (now - this.#lastRandom < 2000) this.#fault("random numbers are read faster than they are made");
    this.#lastRandom = now;
    return this.#dice(2 ** 31) * 2 + this.#dice(2);
  }

  #load(address: number, bytes: number): number {
    if (address >= 0x3ff0_0000 && address < 0x3ff8_0000) return this.#register(address) | 0;
    let from: Uint8Array | undefined;
    let at = 0;
    let words = false;
    if (address >= FLASH_WINDOW && address < FLASH_WINDOW + 0x40_0000) {
      from = this.flash;
      at = this.#inFlash(address, (address - FLASH_WINDOW) >>> 16);
    } else if (address >= CODE_WINDOW && address < 0x4040_0000) {
      from = this.flash;
      at = this.#inFlash(address, 64 + ((address - IROM) >>> 16));
      words = true;
    } else if (address === this.#analog.address) return this.#analog.load();
    else if (address >= 0x6000_e000 && address < 0x6000_f000) return 0;
    else {
      const memory = this.#memories.find(
        ({ start, bytes: all }) => address >= start && address < start + all.length,
      );
      if (memory === undefined) return this.#fault(`nothing is at ${address.toString(16)}`);
      from = memory.bytes;
      at = address - memory.start;
      words = memory.words;
    }
    if (words && (bytes !== 4 || (address & 3) !== 0)) this.#fault(`not a word: ${address.toString(16)}`);
    let value = 0;
    for (let n = bytes - 1; n >= 0; n--) value = (value << 8) | from[at + n]!;
    return value;
  }

  #store(address: number, bytes: number, value: number, rom = false): void {
    if (address >= 0x3ff0_0000 && address < 0x3ff8_0000) return this.#write(address, value);
    if (address === this.#analog.address) return this.#analog.store(value);
    if (address === this.clocks.address) return this.clocks.store(value);
    if (address >= 0x6000_e000 && address < 0x6000_f000) return;
    if (!rom) this.emac?.written(address);
    this.#put(address, bytes, value, rom);
  }

  #put(address: number, bytes: number, value: number, rom = false): void {
    const memory = this.#memories.find(
      ({ start, bytes: all }) => address >= start && address < start + all.length,
    );
    if (memory === undefined) return this.#fault(`nobody can write to ${address.toString(16)}`);
    if (memory.words && !rom && (bytes !== 4 || (address & 3) !== 0)) this.#fault("not a word");
    for (let n = 0; n < bytes; n++) memory.bytes[address - memory.start + n] = value >>> (8 * n);
  }

  // ---- devices

  #register(address: number): number {
    if (this.emac && address >= ETHERNET && address < ETHERNET + 0x3000) return this.emac.load(address);
    if (this.pins.has(address)) return this.pins.load(address);
    if (address === CACHE.state) return 1 << 7;
    if (address === CACHE.control)
      return (this.registers.get(address) ?? 0) | (((this.registers.get(address) ?? 0) & 16) << 1);
    if (address === 0x3ff4_001c) return 0;
    if (address === 0x3ff5_a004) return 0xc401_0203;
    if (address === 0x3ff5_a008) return 0x0000_240a;
    if (address === 0x3ff5_a00c) return 1 << 15;
    if (address === VOLTAGE_EFUSE) return this.clocks.lessVoltage << 22;
    if (address === 0x3ff4_8034) return this.resetCause;
    if (address === 0x3ff7_5144) return this.#random();
    if (address >= ETHERNET && address < ETHERNET + 0x800) return this.#network.load(address - ETHERNET);
    return this.registers.get(address) ?? 0;
  }

  #write(address: number, value: number): void {
    if (this.emac && address >= ETHERNET && address < ETHERNET + 0x3000)
      return this.emac.store(address, value);
    if (this.pins.has(address)) {
      this.#keepTime();
      this.pins.store(address, value);
      this.emac?.wires();
    } else if (this.watchdogs.has(address)) {
      this.#keepTime();
      this.watchdogs.store(address, value);
    } else this.#writeOther(address, value);
  }

  #writeOther(address: number, value: number): void {
    if (address === UART.data) this.#say(value & 255);
    if (address >= CACHE.table && address < CACHE.table + 1024)
      this.#table[(address - CACHE.table) >> 2] = value;
    else if (address >= ETHERNET && address < ETHERNET + 0x800)
      this.#network.store(address - ETHERNET, value);
    else this.registers.set(address, value);
    if (address === RTC.start && value >>> SOFTWARE_RESET.bit === 1) {
      this.registers.set(address, value & ~(1 << SOFTWARE_RESET.bit));
      this.#resetBy = SOFTWARE_RESET.cause;
    }
    if (address === CACHE.control && value & 16) this.#mapped = this.#table.slice();
    this.clocks.written(address);
    this.#elapsed.change(this.#processor.cycles, this.clocks.hertz);
  }

  /** At the other end somebody listens with the usual speed. */
  #say(byte: number): void {
    const baud = this.clocks.baud(this.registers.get(UART.divider) ?? 0);
    if (Math.abs(baud / UART.baud - 1) > TOLERANCE) this.#fault(`the UART has ${Math.round(baud)} baud`);
    this.said += String.fromCharCode(byte);
  }

  /** Where the matrix leads what asks for an interrupt. */
  #line(): number {
    const led = (source: number) => 1 << (this.registers.get(MATRIX + 4 * source) ?? NOWHERE);
    const lines =
      ((this.emac ?? this.#network).interrupts ? led(MAC) : 0) | (this.pins.interrupts ? led(PINS) : 0);
    return lines & FROM_OUTSIDE;
  }
}
