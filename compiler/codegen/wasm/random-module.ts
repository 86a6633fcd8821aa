/**
 * Random valid modules of integer code: arithmetic, memory, globals, loops that end, tables of branches, calls. For
 * differential tests; the same seed gives the same module.
 */
import { list, moduleOf, s64, sized, text, u32 } from "./encode.ts";
import { opcodes } from "./opcodes.ts";

const codes = new Map([...opcodes.values()].map(({ name, code }) => [name, code]));
type IntType = "i32" | "i64";
const typeCode = { i32: 0x7f, i64: 0x7e } as const;

/** A generator of numbers that depends on nothing but its seed (xorshift32). */
export class Random {
  #state: number;
  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 0x9e3779b1) | 1;
    for (let warm = 0; warm < 8; warm++) this.next();
  }
  next(): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return this.#state >>> 0;
  }
  below(limit: number): number {
    return this.next() % limit;
  }
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
  /** Numbers at the edges are the interesting ones. */
  number(type: IntType): bigint {
    const bits = type === "i32" ? 32 : 64;
    const kind = this.below(6);
    if (kind === 0) return BigInt(this.below(16)) - 4n;
    if (kind === 1) return BigInt.asIntN(bits, 1n << BigInt(this.below(bits)));
    if (kind === 2) return BigInt.asIntN(bits, (1n << BigInt(this.below(bits))) - 1n);
    if (kind === 3) return BigInt.asIntN(bits, -(1n << BigInt(this.below(bits))));
    if (kind === 4) return BigInt(this.below(256));
    return BigInt.asIntN(bits, (BigInt(this.next()) << 32n) | BigInt(this.next()));
  }
}

interface Shape {
  readonly params: readonly IntType[];
  readonly result: IntType;
}

/** The functions `f0`, `f1`, … are exported; each calls only earlier ones, so all calls end. Memory is exported as `memory`. */
export function randomModule(seed: number, functions = 4): { bytes: Uint8Array; shapes: readonly Shape[] } {
  const random = new Random(seed);
  const shapes: Shape[] = [];
  const bodies: number[][] = [];
  for (let index = 0; index < functions; index++) {
    const params = Array.from({ length: 1 + random.below(3) }, () => random.pick(["i32", "i64"] as const));
    const shape = { params, result: random.pick(["i32", "i64"] as const) };
    bodies.push(new FunctionMaker(random, shape, shapes.slice()).make());
    shapes.push(shape);
  }
  const type = (shape: Shape) => [
    0x60,
    ...list(shape.params.map((each) => [typeCode[each]])),
    ...list([[typeCode[shape.result]]]),
  ];
  const names = shapes.map((_, index) => [...text(`f${index}`), 0, ...u32(index)]);
  const bytes = moduleOf([
    [1, list(shapes.map(type))],
    [3, list(shapes.map((_, index) => u32(index)))],
    [4, list([[0x70, 0, ...u32(functions)]])],
    [5, list([[1, 1, 2]])],
    [
      6,
      list(
        globals.map((each) => [
          typeCode[each],
          1,
          codes.get(`${each}.const`)!,
          ...s64(random.number(each)),
          0x0b,
        ]),
      ),
    ],
    [
      7,
      list([
        ...names,
        [...text("memory"), 2, 0],
        ...globals.map((_, index) => [...text(`g${index}`), 3, index]),
      ]),
    ],
    [9, list([[0, 0x41, 0, 0x0b, ...list(shapes.map((_, index) => u32(index)))]])],
    [10, list(bodies.map(sized))],
    [11, list([[0, 0x41, 0, 0x0b, ...sized(Array.from({ length: 64 }, () => random.below(256)))]])],
  ]);
  return { bytes, shapes };
}

const globals = ["i32", "i64", "i32"] as const;
const LOCALS = ["i32", "i64", "i32", "i64", "i32"] as const;
/** After these, two locals that hold small numbers, used as addresses and compared with each other. */
const SMALL = ["i32", "i32"] as const;
const binary =
  "add sub mul and or xor shl shr_s shr_u rotl rotr add sub and or xor shl shr_u div_s div_u rem_s rem_u".split(
    " ",
  );
const compare = "eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u".split(" ");
const loads = {
  i32: ["load", "load8_s", "load8_u", "load16_s", "load16_u"],
  i64: ["load", "load8_s", "load8_u", "load16_s", "load16_u", "load32_s", "load32_u"],
} as const;
const stores = {
  i32: ["store", "store8", "store16"],
  i64: ["store", "store8", "store16", "store32"],
} as const;

class FunctionMaker {
  readonly #random: Random;
  readonly #shape: Shape;
  readonly #callees: readonly Shape[];
  readonly #locals: readonly IntType[];
  readonly #out: number[] = [];
  /** Open constructs, outermost first: is it a loop? Branches are forwards only, so that loops end. */
  readonly #labels: boolean[] = [];
  #counters = 0;
  #budget = 160;

  constructor(random: Random, shape: Shape, callees: readonly Shape[]) {
    this.#random = random;
    this.#shape = shape;
    this.#callees = callees;
    this.#locals = [...shape.params, ...LOCALS];
  }

  make(): number[] {
    for (let each = 0; each < SMALL.length; each++) this.#setSmall();
    this.#statements(3 + this.#random.below(6));
    this.#expression(this.#shape.result, 4);
    this.#op("end");
    const locals = [...LOCALS, ...SMALL, ...Array.from({ length: this.#counters }, () => "i32" as const)];
    return [...list(locals.map((type) => [1, typeCode[type]])), ...this.#out];
  }

  #op(name: string, ...operands: readonly number[]): void {
    const code = codes.get(name)!;
    if (code > 0xff) this.#out.push(0xfc, ...u32(code & 0xff));
    else this.#out.push(code);
    this.#out.push(...operands);
  }

  #statements(count: number): void {
    for (let each = 0; each < count && this.#budget > 0; each++) this.#statement();
  }

  #statement(): void {
    this.#budget -= 4;
    const kind = this.#random.below(14);
    if (kind >= 12) this.#setSmall();
    else if (kind < 4) this.#assign();
    else if (kind < 6) this.#store();
    else if (kind === 6) this.#if();
    else if (kind === 7) this.#loop();
    else if (kind === 8) this.#switch();
    else if (kind === 9) this.#block();
    else if (kind === 10) this.#setGlobal();
    else this.#bulk();
  }

  #assign(): void {
    const local = this.#random.below(this.#locals.length);
    this.#expression(this.#locals[local]!, 4);
    this.#op("local.set", local);
  }

  #setGlobal(): void {
    const index = this.#random.below(globals.length);
    this.#expression(globals[index]!, 3);
    this.#op("global.set", index);
  }

  #small(): number {
    return this.#locals.length + this.#random.below(SMALL.length);
  }

  #setSmall(): void {
    const local = this.#small();
    this.#expression("i32", 2);
    this.#op("i32.const", ...s64(this.#random.pick([3n, 7n, 15n])));
    this.#op("i32.and");
    this.#op("local.set", local);
  }

  /** x + n < y + m, for small locals in either width: the checks of bounds that passes look for. */
  #relation(): void {
    const type = this.#random.pick(["i32", "i64"] as const);
    for (let side = 0; side < 2; side++) {
      this.#op("local.get", this.#small());
      if (type === "i64") this.#op("i64.extend_i32_u");
      if (this.#random.below(2) === 0) continue;
      this.#op(`${type}.const`, ...s64(BigInt(this.#random.below(6)) - 1n));
      this.#op(`${type}.add`);
    }
    this.#op(`${type}.${this.#random.pick(compare)}`);
  }

  /** Mostly inside of memory; sometimes anywhere. */
  #address(): void {
    if (this.#random.below(3) !== 0) {
      this.#op("local.get", this.#small());
      if (this.#random.below(3) !== 0) return;
      this.#op("i32.const", ...s64(BigInt(this.#random.below(8)) - 2n));
      this.#op("i32.add");
      return;
    }
    this.#expression("i32", 2);
    const mask = this.#random.below(16) === 0 ? -1n : this.#random.pick([0x3fn, 0xffn, 0xfff8n]);
    this.#op("i32.const", ...s64(mask));
    this.#op("i32.and");
    if (this.#random.below(3) === 0) {
      this.#op("i32.const", ...s64(BigInt(this.#random.below(24)) - 8n));
      this.#op("i32.add");
    }
  }

  #memarg(): number[] {
    return [
      0,
      ...u32(this.#random.below(this.#random.below(12) === 0 ? 70000 : this.#random.pick([3, 6, 16]))),
    ];
  }

  #store(): void {
    const type = this.#random.pick(["i32", "i64"] as const);
    if (this.#random.below(2) === 0) {
      this.#op("local.get", this.#small());
      this.#expression(type, 3);
      this.#op(`${type}.${this.#random.pick(["store", "store16", "store8"])}`, ...this.#hotPlace());
      return;
    }
    this.#address();
    this.#expression(type, 3);
    this.#op(`${type}.${this.#random.pick(stores[type])}`, ...this.#memarg());
  }

  #bulk(): void {
    this.#address();
    if (this.#random.below(2) === 0) {
      this.#address();
      this.#op("i32.const", ...s64(BigInt(this.#random.below(12))));
      this.#op("memory.copy", 0, 0);
      return;
    }
    this.#op("i32.const", ...s64(BigInt(this.#random.below(300))));
    this.#op("i32.const", ...s64(BigInt(this.#random.below(12))));
    this.#op("memory.fill", 0);
  }

  #open(name: string, count: number): void {
    this.#op(name, 0x40);
    this.#labels.push(false);
    this.#statements(count);
  }
  #close(): void {
    this.#labels.pop();
    this.#op("end");
  }

  /** Depth of some construct that can be left. */
  #forward(): number {
    const depths = this.#labels.flatMap((loop, index) => (loop ? [] : [this.#labels.length - 1 - index]));
    return this.#random.pick(depths);
  }

  #if(): void {
    if (this.#random.below(2) === 0) this.#relation();
    else this.#expression("i32", 3);
    this.#open("if", 1 + this.#random.below(3));
    if (this.#random.below(2) === 0) {
      this.#op("else");
      this.#statements(1 + this.#random.below(2));
    }
    this.#close();
  }

  #block(): void {
    this.#open("block", 1);
    this.#expression("i32", 3);
    this.#op("br_if", this.#forward());
    this.#statements(2);
    if (this.#random.below(4) === 0) {
      this.#expression(this.#shape.result, 2);
      this.#op("return");
    }
    this.#close();
  }

  /** Counts down from at most seven in a local of its own. */
  #loop(): void {
    const counter = this.#locals.length + SMALL.length + this.#counters++;
    this.#op("i32.const", ...s64(BigInt(1 + this.#random.below(7))));
    this.#op("local.set", counter);
    this.#op("loop", 0x40);
    this.#labels.push(true);
    this.#statements(1 + this.#random.below(3));
    this.#op("local.get", counter);
    this.#op("i32.const", ...s64(-1n));
    this.#op("i32.add");
    this.#op("local.tee", counter);
    this.#op("br_if", 0);
    this.#close();
  }

  #switch(): void {
    const cases = 1 + this.#random.below(4);
    for (let each = 0; each <= cases; each++) this.#op("block", 0x40);
    for (let each = 0; each <= cases; each++) this.#labels.push(false);
    this.#expression("i32", 2);
    this.#op("i32.const", 7);
    this.#op("i32.and");
    const labels = Array.from({ length: cases }, () => [this.#random.below(cases + 1)]);
    this.#op("br_table", ...list(labels), this.#random.below(cases + 1));
    for (let each = 0; each <= cases; each++) {
      this.#close();
      this.#statements(1);
    }
  }

  #expression(type: IntType, depth: number): void {
    this.#budget--;
    if (depth === 0 || this.#budget <= 0 || this.#random.below(8) === 0) {
      this.#leaf(type);
      return;
    }
    const kind = this.#random.below(16);
    if (kind < 6) this.#binary(type, depth);
    else if (kind < 8) this.#unary(type, depth);
    else if (kind < 10) this.#comparison(type, depth);
    else if (kind < 12) this.#load(type);
    else if (kind === 12) this.#select(type, depth);
    else if (kind === 13) this.#convert(type, depth);
    else if (kind === 14) this.#ifExpression(type, depth);
    else this.#call(type, depth);
  }

  #leaf(type: IntType): void {
    const fitting = this.#locals.flatMap((each, index) => (each === type ? [index] : []));
    const kind = this.#random.below(5);
    if (kind < 2 || (fitting.length === 0 && kind < 4))
      this.#op(`${type}.const`, ...s64(this.#random.number(type)));
    else if (kind < 4) this.#op("local.get", this.#random.pick(fitting));
    else this.#op("global.get", type === "i32" ? this.#random.pick([0, 2]) : 1);
  }

  #binary(type: IntType, depth: number): void {
    const op = this.#random.pick(binary);
    this.#expression(type, depth - 1);
    this.#expression(type, depth - 1);
    if (/div|rem/.test(op) && this.#random.below(8) !== 0) {
      this.#op(`${type}.const`, ...s64(BigInt(1 + this.#random.below(9))));
      this.#op(`${type}.or`);
    }
    this.#op(`${type}.${op}`);
  }

  #unary(type: IntType, depth: number): void {
    const narrow = type === "i64" ? ["extend32_s"] : [];
    this.#expression(type, depth - 1);
    this.#op(`${type}.${this.#random.pick(["clz", "ctz", "popcnt", "extend8_s", "extend16_s", ...narrow])}`);
  }

  #comparison(type: IntType, depth: number): void {
    if (type === "i32" && this.#random.below(2) === 0) {
      this.#relation();
      return;
    }
    const of = this.#random.pick(["i32", "i64"] as const);
    this.#expression(of, depth - 1);
    if (this.#random.below(5) === 0) this.#op(`${of}.eqz`);
    else {
      this.#expression(of, depth - 1);
      this.#op(`${of}.${this.#random.pick(compare)}`);
    }
    if (type === "i64") this.#op("i64.extend_i32_u");
  }

  /** One of few places, so that the same bytes are read and written again and again. */
  #hotPlace(): number[] {
    return [0, ...u32(this.#random.below(3))];
  }

  #load(type: IntType): void {
    if (this.#random.below(2) === 0) {
      this.#op("local.get", this.#small());
      this.#op(`${type}.${this.#random.pick(["load", "load", "load16_u", "load16_s"])}`, ...this.#hotPlace());
      return;
    }
    this.#address();
    this.#op(`${type}.${this.#random.pick(loads[type])}`, ...this.#memarg());
  }

  #select(type: IntType, depth: number): void {
    this.#expression(type, depth - 1);
    this.#expression(type, depth - 1);
    this.#expression("i32", depth - 1);
    this.#op("select");
  }

  #convert(type: IntType, depth: number): void {
    this.#expression(type === "i32" ? "i64" : "i32", depth - 1);
    this.#op(type === "i32" ? "i32.wrap_i64" : this.#random.pick(["i64.extend_i32_s", "i64.extend_i32_u"]));
  }

  #ifExpression(type: IntType, depth: number): void {
    this.#expression("i32", depth - 1);
    this.#op("if", typeCode[type]);
    this.#labels.push(true); // carries a value: not for plain branches
    this.#expression(type, depth - 1);
    this.#op("else");
    this.#expression(type, depth - 1);
    this.#close();
  }

  #call(type: IntType, depth: number): void {
    const fitting = this.#callees.flatMap((each, index) => (each.result === type ? [index] : []));
    if (fitting.length === 0) {
      this.#leaf(type);
      return;
    }
    const callee = this.#random.pick(fitting);
    for (const param of this.#callees[callee]!.params) this.#expression(param, Math.min(depth - 1, 1));
    if (this.#random.below(3) === 0) {
      this.#op("i32.const", ...s64(BigInt(callee)));
      this.#op("call_indirect", callee, 0);
    } else this.#op("call", callee);
  }
}
