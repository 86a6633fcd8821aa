/**
 * RV32IMC in machine mode, as an ESP32-C3 has it (RISC-V Unprivileged ISA 20191213): every instruction, the registers of exceptions, locked entries of physical memory protection, and
 * a vector for each interrupt.
 */

export interface Bus {
  load(address: number, bytes: number): number;
  store(address: number, bytes: number, value: number): void;
  /** Of instructions. */
  fetch(address: number): number;
  /** Interrupts that are there and let through, as bits. */
  lines(): number;
  /** It sleeps: time goes on to where something happens. */
  sleeps(): void;
}

const csr = {
  status: 0x300,
  vector: 0x305,
  scratch: 0x340,
  pc: 0x341,
  cause: 0x342,
  value: 0x343,
  pmp: 0x3a0,
  pmpAddress: 0x3b0,
};
/** Entries of physical memory protection that there are here. */
const ENTRIES = 4;
const [ENABLED, BEFORE] = [8, 0x80];
const cause = { fetch: 1, illegal: 2, load: 5, store: 7 } as const;
/** Of an entry: which right each kind of access wants; an entry that is a power of two and locked. */
const right = { [cause.load]: 1, [cause.store]: 2, [cause.fetch]: 4 } as const;
const [LOCKED_POWER, LOCKED] = [0x98, 0x80];

/** An exception of the processor. */
class Fault {
  readonly cause: number;
  readonly value: number;

  constructor(reason: number, value = 0) {
    this.cause = reason;
    this.value = value;
  }
}

export class Processor {
  pc = 0;
  readonly #x = new Int32Array(32);
  readonly #csr = new Map<number, number>(
    [...Object.values(csr), ...Array.from({ length: ENTRIES }, (_, n) => csr.pmpAddress + n)].map((name) => [
      name,
      0,
    ]),
  );
  readonly #bus: Bus;
  #protected: readonly { readonly start: number; readonly end: number; readonly rights: number }[] = [];

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  step(): void {
    const lines = this.#bus.lines();
    if (lines !== 0 && (this.#get(csr.status) & ENABLED) !== 0) {
      this.#enter(0x8000_0000 | (31 - Math.clz32(lines & -lines)), this.pc);
      return;
    }
    const pc = this.pc;
    try {
      this.#permitted(pc, cause.fetch);
      const low = this.#bus.fetch(pc);
      if ((low & 3) === 3) this.#full((low | (this.#bus.fetch(pc + 2) << 16)) >>> 0, pc);
      else this.#short(low, pc);
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault;
      this.#csr.set(csr.value, fault.value);
      this.#enter(fault.cause, pc);
    }
  }

  #enter(reason: number, pc: number): void {
    const status = this.#get(csr.status);
    this.#csr.set(csr.cause, reason | 0).set(csr.pc, pc);
    this.#csr.set(csr.status, (status & ENABLED) === 0 ? 0 : BEFORE);
    const base = this.#get(csr.vector);
    if ((base & 255) !== 1) throw new Error(`the table of vectors is at ${base.toString(16)}`);
    this.pc = (base >>> 0) - 1 + (reason < 0 || reason >= 0x8000_0000 ? 4 * (reason & 31) : 0);
  }

  #get(name: number): number {
    const value = this.#csr.get(name);
    if (value === undefined) throw new Fault(cause.illegal);
    return value;
  }

  /** The first locked entry of a power of two that has the address says what is allowed there (privileged ISA, 3.7.1). */
  #permitted(address: number, reason: keyof typeof right): void {
    for (const { start, end, rights } of this.#protected) {
      if (address >>> 0 < start || address >>> 0 >= end) continue;
      if ((rights & right[reason]) === 0) throw new Fault(reason, address);
      return;
    }
  }

  #protect(): void {
    const all = this.#get(csr.pmp);
    const entries = Array.from({ length: ENTRIES }, (_, n) => {
      const entry = this.#get(csr.pmpAddress + n);
      const start = ((entry & (entry + 1)) << 2) >>> 0;
      return { start, end: start + 8 * ((~entry & (entry + 1)) >>> 0), rights: (all >>> (8 * n)) & 0xff };
    });
    this.#protected = entries.filter(({ rights }) => (rights & LOCKED_POWER) === LOCKED_POWER);
  }

  #load(address: number, bytes: number, signed: boolean): number {
    this.#permitted(address, cause.load);
    const value = this.#bus.load(address >>> 0, bytes);
    return signed && bytes < 4 ? (value << (32 - 8 * bytes)) >> (32 - 8 * bytes) : value | 0;
  }

  #store(address: number, bytes: number, value: number): void {
    this.#permitted(address, cause.store);
    this.#bus.store(address >>> 0, bytes, value);
  }

  #set(to: number, value: number): void {
    if (to !== 0) this.#x[to] = value;
  }

  #full(word: number, pc: number): void {
    const x = this.#x;
    const to = (word >>> 7) & 31;
    const form = (word >>> 12) & 7;
    const a = x[(word >>> 15) & 31]!;
    const b = x[(word >>> 20) & 31]!;
    const imm = (word | 0) >> 20;
    this.pc = pc + 4;
    switch (word & 0x7f) {
      case 0x37:
        return this.#set(to, word & 0xffff_f000);
      case 0x17:
        return this.#set(to, pc + (word & 0xffff_f000));
      case 0x6f: {
        this.#set(to, pc + 4);
        const distance = bits(word, [31, 31], [19, 12], [20, 20], [30, 21]);
        this.pc = pc + ((distance << 12) >> 12) * 2;
        return;
      }
      case 0x67:
        this.#set(to, pc + 4);
        this.pc = ((a + imm) & ~1) >>> 0;
        return;
      case 0x63:
        if (taken(form, a, b))
          this.pc = pc + (((word | 0) >> 31) << 12) + bits(word, [7, 7], [30, 25], [11, 8]) * 2;
        return;
      case 0x03:
        if (form === 3 || form > 5) throw new Fault(cause.illegal);
        return this.#set(to, this.#load(a + imm, 1 << (form & 3), form < 4));
      case 0x23:
        if (form > 2) throw new Fault(cause.illegal);
        return this.#store(a + ((imm & ~31) | to), 1 << form, b);
      case 0x13: {
        const isShift = form === 1 || form === 5;
        return this.#set(
          to,
          arithmetic(form, form === 5 && (word & 0x4000_0000) !== 0, a, isShift ? imm & 31 : imm),
        );
      }
      case 0x33:
        return this.#set(
          to,
          word >>> 25 === 1 ? multiply(form, a, b) : arithmetic(form, word >>> 25 === 0x20, a, b),
        );
      case 0x0f:
        return;
      case 0x73:
        return this.#system(word, to, form, a);
      default:
        throw new Fault(cause.illegal);
    }
  }

  #system(word: number, to: number, form: number, a: number): void {
    if (word === 0x1050_0073) return this.#bus.sleeps();
    if (word === 0x3020_0073) {
      this.pc = this.#get(csr.pc) >>> 0;
      this.#csr.set(csr.status, (this.#get(csr.status) & BEFORE) === 0 ? 0 : ENABLED);
      return;
    }
    const name = word >>> 20;
    const value = form >= 4 ? (word >>> 15) & 31 : a;
    const before = this.#get(name);
    const kind = form & 3;
    if (kind === 0) throw new Fault(cause.illegal);
    if (kind === 1 || ((word >>> 15) & 31) !== 0) {
      const entry = name - csr.pmpAddress;
      const isEntry = entry >= 0 && entry < ENTRIES;
      const isLocked = isEntry && ((this.#get(csr.pmp) >>> (8 * entry)) & LOCKED) !== 0;
      if (!isLocked) this.#csr.set(name, kind === 1 ? value : kind === 2 ? before | value : before & ~value);
      if (isEntry || name === csr.pmp) this.#protect();
    }
    this.#set(to, before);
  }

  /** The 16-bit forms (chapter 16). */
  #short(word: number, pc: number): void {
    const x = this.#x;
    const form = ((word & 3) << 3) | (word >>> 13);
    const [narrow, other] = [8 + ((word >>> 2) & 7), 8 + ((word >>> 7) & 7)];
    const to = (word >>> 7) & 31;
    const from = (word >>> 2) & 31;
    const small = ((bits(word, [12, 12], [6, 2]) << 26) >> 26) | 0;
    const near = bits(word, [5, 5], [12, 10], [6, 6]) * 4;
    this.pc = pc + 2;
    switch (form) {
      case 0:
        if (word === 0) throw new Fault(cause.illegal);
        return this.#set(narrow, x[2]! + bits(word, [10, 7], [12, 11], [5, 5], [6, 6]) * 4);
      case 2:
        return this.#set(narrow, this.#load(x[other]! + near, 4, true));
      case 6:
        return this.#store(x[other]! + near, 4, x[narrow]!);
      case 8:
        return this.#set(to, x[to]! + small);
      case 9:
      case 13: {
        const distance = bits(word, [12, 12], [8, 8], [10, 9], [6, 6], [7, 7], [2, 2], [11, 11], [5, 3]);
        if (form === 9) this.#set(1, pc + 2);
        this.pc = pc + ((distance << 21) >> 21) * 2;
        return;
      }
      case 10:
        return this.#set(to, small);
      case 11:
        if (to === 2)
          return this.#set(
            2,
            x[2]! + ((bits(word, [12, 12], [4, 3], [5, 5], [2, 2], [6, 6]) << 26) >> 26) * 16,
          );
        return this.#set(to, small << 12);
      case 12:
        return this.#set(other, reduced(word, x[other]!, x[narrow]!, small));
      case 14:
      case 15:
        if ((x[other] === 0) === (form === 14))
          this.pc = pc + ((bits(word, [12, 12], [6, 5], [2, 2], [11, 10], [4, 3]) << 24) >> 24) * 2;
        return;
      case 16:
        return this.#set(to, x[to]! << (small & 31));
      case 18:
        return this.#set(to, this.#load(x[2]! + bits(word, [3, 2], [12, 12], [6, 4]) * 4, 4, true));
      case 20:
        return this.#jumpOrMove(word, pc, to, from);
      case 22:
        return this.#store(x[2]! + bits(word, [8, 7], [12, 9]) * 4, 4, x[from]!);
      default:
        throw new Fault(cause.illegal);
    }
  }

  #jumpOrMove(word: number, pc: number, to: number, from: number): void {
    const x = this.#x;
    const links = (word & 0x1000) !== 0;
    if (from !== 0) return this.#set(to, links ? x[to]! + x[from]! : x[from]!);
    if (to === 0) throw new Fault(cause.illegal);
    const target = x[to]! >>> 0;
    if (links) this.#set(1, pc + 2);
    this.pc = target;
  }
}

/** Fields of a word, the highest first. */
function bits(word: number, ...fields: readonly (readonly [from: number, to: number])[]): number {
  return fields.reduce(
    (value, [from, to]) => (value << (from - to + 1)) | ((word >>> to) & ((1 << (from - to + 1)) - 1)),
    0,
  );
}

function taken(form: number, a: number, b: number): boolean {
  const less = form >= 6 ? a >>> 0 < b >>> 0 : a < b;
  if (form === 2 || form === 3) throw new Fault(cause.illegal);
  return (form < 2 ? a === b : less) !== ((form & 1) === 1);
}

function arithmetic(form: number, other: boolean, a: number, b: number): number {
  switch (form) {
    case 0:
      return (other ? a - b : a + b) | 0;
    case 1:
      return a << (b & 31);
    case 2:
      return Number(a < b);
    case 3:
      return Number(a >>> 0 < b >>> 0);
    case 4:
      return a ^ b;
    case 5:
      return other ? a >> (b & 31) : (a >>> (b & 31)) | 0;
    case 6:
      return a | b;
    default:
      return a & b;
  }
}

function multiply(form: number, a: number, b: number): number {
  const high = (x: bigint, y: bigint) => Number(BigInt.asIntN(32, (x * y) >> 32n));
  const [unsignedA, unsignedB] = [a >>> 0, b >>> 0];
  switch (form) {
    case 0:
      return Math.imul(a, b);
    case 1:
      return high(BigInt(a), BigInt(b));
    case 2:
      return high(BigInt(a), BigInt(unsignedB));
    case 3:
      return high(BigInt(unsignedA), BigInt(unsignedB));
    case 4:
      return b === 0 ? -1 : (a / b) | 0;
    case 5:
      return b === 0 ? -1 : (unsignedA / unsignedB) | 0;
    case 6:
      return b === 0 ? a : (a % b) | 0;
    default:
      return b === 0 ? a : (unsignedA % unsignedB) | 0;
  }
}

/** Shifts and arithmetic on eight registers. */
function reduced(word: number, a: number, b: number, small: number): number {
  switch ((word >>> 10) & 3) {
    case 0:
      return (a >>> (small & 31)) | 0;
    case 1:
      return a >> (small & 31);
    case 2:
      return a & small;
    default:
      if ((word & 0x1000) !== 0) throw new Fault(cause.illegal);
      return [a - b, a ^ b, a | b, a & b][(word >>> 5) & 3]! | 0;
  }
}
