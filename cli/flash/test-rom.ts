/**
 * The loader in the ROM of an ESP32 or ESP32-C3 as a model, by Espressif's "Serial Protocol", and the flash memory below it: bits are only cleared by writing, and set by erasing
 * sectors. It is stricter than the chip where the chip goes wrong in silence.
 */
import { createHash } from "node:crypto";

const [END, ESCAPE, ESCAPED_END, ESCAPED_ESCAPE] = [0xc0, 0xdb, 0xdc, 0xdd];
const HEADER = 8;
const REQUEST = 0;
const RESPONSE = 1;
const SECTOR = 4096;
const BLOCK = 1024;
/** Reasons of the ROM. */
const reason = { invalid: 0x05, failed: 0x06, checksum: 0x07 } as const;

/** Registers that a flasher reads: how the chip is known, its addresses in the eFuses, and those by which commands go to the flash chip. */
const chips = {
  ESP32: {
    id: undefined,
    magic: 0x00f0_1d83,
    mac: 0x3ff5_a004,
    spi: { base: 0x3ff4_2000, second: 0x24, data: 0x80 },
  },
  "ESP32-C3": {
    id: 5,
    magic: 0x1b31_506f,
    mac: 0x6000_8844,
    spi: { base: 0x6000_2000, second: 0x20, data: 0x58 },
  },
} as const;
const MAGIC = 0x4000_1000;
const SPI_GO = 1 << 18;
const READ_ID = 0x9f;

/** What was done to the flash memory, in order. */
export interface FlashWork {
  readonly offset: number;
  /** Undefined: a sector was erased. */
  readonly bytes: Uint8Array | undefined;
}

export function carryOut(flash: Uint8Array, { offset, bytes }: FlashWork): void {
  if (bytes === undefined) flash.fill(0xff, offset, offset + SECTOR);
  else for (const [n, byte] of bytes.entries()) flash[offset + n]! &= byte;
}

export interface RomOptions {
  readonly chip?: keyof typeof chips;
  /** Bytes. */
  readonly flash?: number;
  /** What the flash chip says of itself, instead of its size. */
  readonly flashId?: number;
  /** Bits that stay as they are when this address is written. */
  readonly broken?: number;
  /** Answers to nothing. */
  readonly silent?: boolean;
}

export class RomModel {
  readonly flash: Uint8Array;
  readonly work: FlashWork[] = [];
  /** Called before each block is written. */
  beforeBlock: () => void = () => undefined;
  readonly #options: RomOptions;
  readonly #chip: (typeof chips)[keyof typeof chips];
  readonly #registers = new Map<number, number>();
  #packet: number[] | undefined;
  #escaped = false;
  #attached = false;
  #size = 4 << 20;
  #writing: { offset: number; blocks: number; next: number } | undefined;

  constructor(options: RomOptions = {}) {
    this.#options = options;
    this.#chip = chips[options.chip ?? "ESP32"];
    this.flash = new Uint8Array(options.flash ?? 4 << 20).fill(0xff);
    this.#registers.set(MAGIC, this.#chip.magic).set(this.#chip.mac, 0xc401_0203);
    this.#registers.set(this.#chip.mac + 4, 0x240a);
  }

  /** Bytes from the port; what it answers. */
  receive(bytes: Uint8Array): Uint8Array {
    const answers: number[] = [];
    for (const byte of bytes) {
      const packet = this.#read(byte);
      if (packet !== undefined && this.#options.silent !== true) answers.push(...this.#answer(packet));
    }
    return Uint8Array.from(answers);
  }

  /** SLIP (RFC 1055): a packet, when this was its last byte. */
  #read(byte: number): Uint8Array | undefined {
    if (byte === END) {
      const packet = this.#packet;
      this.#packet = packet === undefined || packet.length === 0 ? [] : undefined;
      return packet === undefined || packet.length === 0 ? undefined : Uint8Array.from(packet);
    }
    if (byte === ESCAPE) this.#escaped = true;
    else if (this.#escaped) {
      this.#packet?.push(byte === ESCAPED_END ? END : byte === ESCAPED_ESCAPE ? ESCAPE : byte);
      this.#escaped = false;
    } else this.#packet?.push(byte);
    return undefined;
  }

  #answer(packet: Uint8Array): number[] {
    const view = new DataView(packet.buffer);
    if (packet.length < HEADER || packet[0] !== REQUEST) return [];
    const op = packet[1]!;
    const data = new DataView(packet.buffer, HEADER);
    if (view.getUint16(2, true) !== data.byteLength) return this.#reply(op, { error: reason.invalid });
    const word = (n: number) => (4 * n + 4 <= data.byteLength ? data.getUint32(4 * n, true) : 0);
    const bytes = packet.subarray(HEADER);
    switch (op) {
      case 0x08:
        return Array.from({ length: 8 }, () => this.#reply(op, { value: 0x2012_0707 })).flat();
      case 0x0a:
        return this.#reply(op, { value: this.#registers.get(word(0)) ?? 0 });
      case 0x09:
        this.#writeRegister(word(0), word(1));
        return this.#reply(op, {});
      case 0x0b:
        this.#size = word(1);
        return this.#reply(op, {});
      case 0x0d:
        this.#attached = bytes.length === 8;
        return this.#reply(op, this.#attached ? {} : { error: reason.invalid });
      case 0x0f:
        return this.#reply(op, {});
      case 0x14:
        return this.#securityInfo(op);
      case 0x02:
        return this.#reply(op, this.#begin(bytes.length, word));
      case 0x03:
        return this.#reply(op, this.#block(word, bytes.subarray(16), view.getUint32(4, true)));
      case 0x13:
        return this.#reply(op, this.#md5(word(0), word(1)));
      default:
        return this.#reply(op, { error: reason.invalid });
    }
  }

  #begin(length: number, word: (n: number) => number): Reply {
    const [size, blocks, block, offset] = [word(0), word(1), word(2), word(3)];
    const inside = offset + size <= Math.min(this.#size, this.flash.length);
    if (length !== (this.#chip.id === undefined ? 16 : 20)) return { error: reason.invalid };
    if (!this.#attached || block !== BLOCK || offset % SECTOR !== 0 || size % SECTOR !== 0 || !inside)
      return { error: reason.failed };
    for (let at = offset; at < offset + size; at += SECTOR) this.#do({ offset: at, bytes: undefined });
    this.#writing = { offset, blocks, next: 0 };
    return {};
  }

  #block(word: (n: number) => number, bytes: Uint8Array, checksum: number): Reply {
    const writing = this.#writing;
    if (writing === undefined || word(0) !== bytes.length || bytes.length !== BLOCK)
      return { error: reason.invalid };
    if (word(1) !== writing.next || writing.next >= writing.blocks) return { error: reason.failed };
    if (bytes.reduce((sum, byte) => sum ^ byte, 0xef) !== checksum) return { error: reason.checksum };
    this.beforeBlock();
    this.#do({ offset: writing.offset + BLOCK * writing.next++, bytes: bytes.slice() });
    return {};
  }

  #do(work: FlashWork): void {
    const { broken } = this.#options;
    const before = broken === undefined ? 0 : this.flash[broken]!;
    this.work.push(work);
    carryOut(this.flash, work);
    if (broken !== undefined) this.flash[broken] = before;
  }

  #md5(offset: number, size: number): Reply {
    if (!this.#attached || offset + size > this.flash.length) return { error: reason.failed };
    const digits = createHash("md5")
      .update(this.flash.subarray(offset, offset + size))
      .digest("hex");
    return { data: Buffer.from(digits) };
  }

  /** The ESP32 has no such command. */
  #securityInfo(op: number): number[] {
    const { id } = this.#chip;
    if (id === undefined) return this.#reply(op, { error: reason.invalid });
    const data = new Uint8Array(20);
    data[12] = id;
    return this.#reply(op, { data });
  }

  /** A command goes to the flash chip; its answer comes into the data register. */
  #writeRegister(address: number, value: number): void {
    const { base, second, data } = this.#chip.spi;
    this.#registers.set(address, value);
    if (address !== base || (value & SPI_GO) === 0) return;
    this.#registers.set(base, 0);
    const asked = (this.#registers.get(base + second) ?? 0) & 0xff;
    const id = this.#options.flashId ?? 0x40_20 | (Math.log2(this.flash.length) << 16);
    this.#registers.set(base + data, asked === READ_ID && this.#attached ? id : 0);
  }

  #reply(op: number, { value = 0, data = new Uint8Array(0), error }: Reply): number[] {
    const status = [error === undefined ? 0 : 1, error ?? 0, 0, 0];
    const packet = new Uint8Array(HEADER + data.length + status.length);
    packet.set([RESPONSE, op, data.length + status.length]);
    new DataView(packet.buffer).setUint32(4, value, true);
    packet.set(data, HEADER);
    packet.set(status, HEADER + data.length);
    const escaped = [...packet].flatMap((byte) =>
      byte === END ? [ESCAPE, ESCAPED_END] : byte === ESCAPE ? [ESCAPE, ESCAPED_ESCAPE] : [byte],
    );
    return [END, ...escaped, END];
  }
}

interface Reply {
  readonly value?: number;
  readonly data?: Uint8Array;
  readonly error?: number;
}
