/** Xtensa for tests: instructions are carried out one by one, as `decode` reads them. Of exceptions there are the interrupt that ends `waiti` and the illegal instruction; everything else is an error of the test. */
import { isas } from "#codegen";

/** What lies around it. Values have 32 bits, without a sign. */
export interface Surroundings {
  load(address: number, bytes: number): number;
  store(address: number, bytes: number, value: number): void;
  /** Interrupts of devices. */
  lines(): number;
  /** Cycles until something may happen outside, which ends sleep; it is not said where nothing does. */
  quiet?(): number;
}

type Step = () => void;
/** From two registers and the last number of the instruction. */
type Value = (s: number, t: number, imm: number) => number;

const u = (value: number): number => value >>> 0;

/** `name r, s, t` and `name r, s, imm` */
const values: Readonly<Record<string, Value>> = {
  movi: (_, _t, imm) => imm,
  mov: (s) => s,
  addi: (s, _, imm) => s + imm,
  addmi: (s, _, imm) => s + imm,
  add: (s, t) => s + t,
  addx2: (s, t) => s * 2 + t,
  addx4: (s, t) => Math.imul(s, 4) + t,
  addx8: (s, t) => Math.imul(s, 8) + t,
  sub: (s, t) => s - t,
  subx2: (s, t) => s * 2 - t,
  subx4: (s, t) => Math.imul(s, 4) - t,
  subx8: (s, t) => Math.imul(s, 8) - t,
  and: (s, t) => s & t,
  or: (s, t) => s | t,
  xor: (s, t) => s ^ t,
  neg: (s) => -s,
  abs: (s) => Math.abs(s),
  mull: (s, t) => Math.imul(s, t),
  muluh: (s, t) => Number((BigInt(u(s)) * BigInt(u(t))) >> 32n),
  mul16u: (s, t) => Math.imul(s & 0xffff, t & 0xffff),
  quou: (s, t) => Math.trunc(u(s) / u(t)),
  remu: (s, t) => u(s) % u(t),
  quos: (s, t) => Math.trunc(s / t),
  rems: (s, t) => s % t,
  min: (s, t) => Math.min(s, t),
  max: (s, t) => Math.max(s, t),
  minu: (s, t) => Math.min(u(s), u(t)),
  maxu: (s, t) => Math.max(u(s), u(t)),
  slli: (s, _, imm) => s << imm,
  srli: (s, _, imm) => s >>> imm,
  srai: (s, _, imm) => s >> imm,
  sext: (s, _, imm) => (s << (31 - imm)) >> (31 - imm),
  nsau: (s) => Math.clz32(s),
};

/** `name s, t, target` and `name s, imm, target` */
const conditions: Readonly<Record<string, (s: number, t: number, imm: number) => boolean>> = {
  j: () => true,
  beqz: (s) => s === 0,
  bnez: (s) => s !== 0,
  bltz: (s) => s < 0,
  bgez: (s) => s >= 0,
  beq: (s, t) => s === t,
  bne: (s, t) => s !== t,
  blt: (s, t) => s < t,
  bge: (s, t) => s >= t,
  bltu: (s, t) => u(s) < u(t),
  bgeu: (s, t) => u(s) >= u(t),
  bany: (s, t) => (s & t) !== 0,
  bnone: (s, t) => (s & t) === 0,
  ball: (s, t) => (~s & t) === 0,
  bnall: (s, t) => (~s & t) !== 0,
  bbci: (s, _, imm) => ((s >>> imm) & 1) === 0,
  bbsi: (s, _, imm) => ((s >>> imm) & 1) === 1,
  beqi: (s, _, imm) => s === imm,
  bnei: (s, _, imm) => s !== imm,
  blti: (s, _, imm) => s < imm,
  bgei: (s, _, imm) => s >= imm,
  bltui: (s, _, imm) => u(s) < imm,
  bgeui: (s, _, imm) => u(s) >= imm,
};

const accesses: Readonly<Record<string, readonly [bytes: number, kind: "load" | "signed" | "store"]>> = {
  l8ui: [1, "load"],
  l16ui: [2, "load"],
  l16si: [2, "signed"],
  l32i: [4, "load"],
  s8i: [1, "store"],
  s16i: [2, "store"],
  s32i: [4, "store"],
};

/** `name r, s, t`: whether r becomes s. */
const moves: Readonly<Record<string, (t: number) => boolean>> = {
  moveqz: (t) => t === 0,
  movnez: (t) => t !== 0,
  movltz: (t) => t < 0,
  movgez: (t) => t >= 0,
};

const nothing = new Set(["memw", "isync", "rsync", "esync", "dsync", "nop"]);
const TIMER = 1 << 6;
const MASKED = 15;
const EXCEPTION = 0x10;
const ILLEGAL = 0;
const INTERRUPT = 4;
const USER_VECTOR = 0x340;
/** Debug exceptions (Xtensa ISA, 4.7.7): their level, their vector, and which of them it is. */
const DEBUG = { level: 6, vector: 0x280, data: 1 << 2 } as const;
/** What the ROM leaves: register windows, and user vectors. */
const RESET_STATE = 0x4_0020;

export class Processor {
  pc = 0;
  instructions = 0;
  /** Since power-on: one for each instruction, and those that it slept for. */
  cycles = 0;
  readonly a = new Int32Array(16);
  readonly #around: Surroundings;
  readonly #special = new Map<string, number>([["ps", RESET_STATE]]);
  readonly #steps = new Map<number, Step>();
  /** From here on nothing changes what instructions are. */
  readonly #fixed: number;
  #count = 0;
  /** Where stores are watched for: first bytes of pieces, and which bits of an address count. */
  #watched: readonly (readonly [at: number, bits: number])[] = [];

  constructor(around: Surroundings, fixed: number) {
    this.#around = around;
    this.#fixed = fixed;
  }

  step(): void {
    const pc = this.pc;
    let step = this.#steps.get(pc);
    if (step === undefined) {
      step = this.#read(pc);
      if (pc >= this.#fixed) this.#steps.set(pc, step);
    }
    this.instructions++;
    this.cycles++;
    this.#count = u(this.#count + 1);
    if (this.#count === this.get("ccompare0")) this.#due();
    step();
  }

  /** As after power-on, at this address; what time it is stays. */
  reset(pc: number): void {
    this.#special.clear();
    this.#special.set("ps", RESET_STATE);
    this.#steps.clear();
    this.#watched = [];
    this.#count = 0;
    this.pc = pc;
  }

  /** DBREAKC: bit 31 is for stores, the lowest six say which bits of an address count. */
  #watch(): void {
    this.#watched = [0, 1].flatMap((n) => {
      const control = this.get(`dbreakc${n}`);
      const bits = u(~0x3f | (control & 0x3f));
      return control >>> 31 === 0 ? [] : [[u(this.get(`dbreaka${n}`) & bits), bits] as const];
    });
  }

  /** A store is not carried out where it is watched for. */
  #breaks(address: number): boolean {
    if (!this.#watched.some(([at, bits]) => u(address & bits) === at)) return false;
    const ps = this.get("ps");
    if ((ps & MASKED) >= DEBUG.level) return false;
    this.set("epc6", this.pc);
    this.set("eps6", ps);
    this.set("debugcause", DEBUG.data);
    this.set("ps", (ps & ~MASKED) | EXCEPTION | DEBUG.level);
    this.pc = this.get("vecbase") + DEBUG.vector;
    return true;
  }

  /** Time that it does nothing in. */
  pass(cycles: number): void {
    const left = u(this.get("ccompare0") - this.#count);
    this.cycles += cycles;
    this.#count = u(this.#count + cycles);
    if (left !== 0 && cycles >= left) this.#due();
  }

  #due(): void {
    this.#special.set("interrupt", (this.#special.get("interrupt") ?? 0) | TIMER);
  }

  get(name: string): number {
    if (name === "ccount") return this.#count;
    const value = this.#special.get(name) ?? 0;
    return name === "interrupt" ? u(value | this.#around.lines()) : value;
  }

  set(name: string, value: number): void {
    if (name === "ccount") this.#count = u(value);
    else this.#special.set(name, u(value));
    if (name.startsWith("dbreak")) this.#watch();
    if (name === "ccompare0") this.#special.set("interrupt", (this.#special.get("interrupt") ?? 0) & ~TIMER);
  }

  #read(pc: number): Step {
    // Literals and branches are told from where the instruction is: only the distance from a multiple of four counts.
    const bytes = new Uint8Array(8);
    for (let n = pc & 3; n < (pc & 3) + 3; n++) {
      const word = u(this.#around.load((pc & ~3) + (n & ~3), 4));
      bytes[n] = word >>> (8 * (n & 3));
    }
    const decoded = isas.xtensa.decode(bytes, pc & 3);
    if (decoded === undefined) throw new Error(`no instruction at ${pc.toString(16)}`);
    const { mnemonic, operands, size } = decoded;
    const registers = operands.filter((text) => text.startsWith("a")).map((text) => Number(text.slice(1)));
    const numbers = operands.filter((text) => !text.startsWith("a")).map((text) => Number(text) | 0);
    const target = decoded.target === undefined ? undefined : (pc & ~3) + decoded.target;
    const step = this.#stepFor(mnemonic.replace(/\.n$/, ""), {
      next: pc + size,
      target: target ?? 0,
      registers,
      numbers,
    });
    if (step === undefined) throw new Error(`${mnemonic} at ${pc.toString(16)} is not known here`);
    return step;
  }

  #stepFor(name: string, o: Operands): Step | undefined {
    return (
      this.#valueStep(name, o) ??
      this.#accessStep(name, o) ??
      this.#controlStep(name, o) ??
      this.#specialStep(name, o)
    );
  }

  #valueStep(name: string, { next, registers, numbers }: Operands): Step | undefined {
    const a = this.a;
    const [r = 0, s = 0, t = 0] = registers;
    const imm = numbers.at(-1) ?? 0;
    const value = name === "extui" ? cut(numbers[0] ?? 0, imm) : values[name];
    if (value !== undefined)
      return () => {
        a[r] = value(a[s]!, a[t]!, imm);
        this.pc = next;
      };
    const move = moves[name];
    if (move === undefined) return undefined;
    return () => {
      if (move(a[t]!)) a[r] = a[s]!;
      this.pc = next;
    };
  }

  #accessStep(name: string, { next, target, registers, numbers }: Operands): Step | undefined {
    const a = this.a;
    const [r = 0, s = 0] = registers;
    if (name === "l32r")
      return () => {
        a[r] = this.#around.load(target, 4);
        this.pc = next;
      };
    const access = accesses[name];
    if (access === undefined) return undefined;
    const [bytes, kind] = access;
    const offset = numbers[0] ?? 0;
    return () => {
      const address = u(a[s]! + offset);
      if (kind === "store") {
        if (this.#breaks(address)) return;
        this.#around.store(address, bytes, u(a[r]!));
      } else a[r] = this.#around.load(address, bytes);
      if (kind === "signed") a[r] = (a[r]! << 16) >> 16;
      this.pc = next;
    };
  }

  #controlStep(name: string, { next, target, registers, numbers }: Operands): Step | undefined {
    const a = this.a;
    const [s = 0, t = 0] = registers;
    const imm = numbers[0] ?? 0;
    const condition = conditions[name];
    if (condition !== undefined)
      return () => {
        this.pc = condition(a[s]!, a[t]!, imm) ? target : next;
      };
    const to: Readonly<Record<string, () => number>> = {
      call0: () => target,
      callx0: () => u(a[s]!),
      ret: () => u(a[0]!),
      jx: () => u(a[s]!),
    };
    const place = to[name];
    if (place === undefined) return undefined;
    return () => {
      this.pc = place();
      if (name.startsWith("call")) a[0] = next;
    };
  }

  #specialStep(name: string, { next, registers, numbers }: Operands): Step | undefined {
    const a = this.a;
    const [r = 0, s = 0, t = 0] = registers;
    const [kind, special = ""] = name.split(".");
    const results: Readonly<Record<string, () => number>> = {
      rsr: () => this.get(special),
      sll: () => shifted(a[s]!, 0, this.get("sar")),
      srl: () => shifted(0, a[s]!, this.get("sar")),
      sra: () => a[s]! >> Math.min(this.get("sar"), 31),
      src: () => shifted(a[s]!, a[t]!, this.get("sar")),
    };
    const works: Readonly<Record<string, () => void>> = {
      wsr: () => this.set(special, a[r]!),
      ssr: () => this.set("sar", a[r]! & 31),
      ssl: () => this.set("sar", 32 - (a[r]! & 31)),
      ssai: () => this.set("sar", numbers[0] ?? 0),
    };
    if (name === "waiti") return () => this.#wait(next);
    if (name === "ill") return () => this.#enter(ILLEGAL, this.pc);
    if (name === "rfe")
      return () => {
        this.set("ps", this.get("ps") & ~EXCEPTION);
        this.pc = this.get("epc1");
      };
    const result = results[kind!];
    const work = nothing.has(name) ? () => undefined : works[kind!];
    if (result === undefined && work === undefined) return undefined;
    return () => {
      if (result !== undefined) a[r] = result();
      work?.();
      this.pc = next;
    };
  }

  /** Until an interrupt that is let in: time passes, and the handler of level 1 gets the processor. */
  #wait(next: number): void {
    const left = u(this.get("ccompare0") - this.#count);
    const quiet = Math.max(0, this.#around.quiet?.() ?? left);
    if (quiet === 0) return;
    const enabled = this.get("intenable");
    if (enabled === 0) throw new Error("it sleeps for ever");
    if ((this.get("interrupt") & enabled) === 0) {
      this.pass(Math.min(left, quiet));
      // Still asleep: it is looked at again when that has happened.
      if (quiet < left) return;
      this.#due();
    }
    this.set("ps", this.get("ps") & ~MASKED);
    this.#enter(INTERRUPT, next);
  }

  /** The handler of level 1 gets the processor; it goes on at `back`. */
  #enter(cause: number, back: number): void {
    this.set("ps", this.get("ps") | EXCEPTION);
    this.set("epc1", back);
    this.set("exccause", cause);
    this.pc = this.get("vecbase") + USER_VECTOR;
  }
}

interface Operands {
  readonly next: number;
  readonly target: number;
  readonly registers: readonly number[];
  readonly numbers: readonly number[];
}

const cut =
  (shift: number, bits: number): Value =>
  (s) =>
    (s >>> shift) & (2 ** bits - 1);

/** 64 bits to the right, of which the lower half is left. */
const shifted = (high: number, low: number, by: number): number =>
  Number(BigInt.asIntN(32, ((BigInt(u(high)) << 32n) | BigInt(u(low))) >> BigInt(by)));
