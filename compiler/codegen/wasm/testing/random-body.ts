/** Random function bodies: typed by construction, each kind of statement and expression one function. */
import { s64, type Type, u32, wasmTypes } from "./encode.ts";
import type { Random } from "./random.ts";

export interface Signature {
  readonly params: readonly Type[];
  readonly results: readonly Type[];
}

/** What a body may refer to; `elements` are the functions in the table. */
export interface ModuleOutline {
  readonly signatures: readonly Signature[];
  readonly globals: readonly Type[];
  readonly elements: readonly number[];
}

export const op = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  drop: 0x1a,
  select: 0x1b,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  memorySize: 0x3f,
  memoryGrow: 0x40,
} as const;

/** Opcodes of a type: [first, count]. */
export const ranges = {
  i32: {
    eqz: 0x45,
    compare: [0x46, 10],
    unary: [0x67, 3],
    binary: [0x6a, 15],
    constant: 0x41,
    loads: [0x28, 0x2c, 0x2d, 0x2e, 0x2f],
    stores: [0x36, 0x3a, 0x3b],
    extend: [0xc0, 2],
  },
  i64: {
    eqz: 0x50,
    compare: [0x51, 10],
    unary: [0x79, 3],
    binary: [0x7c, 15],
    constant: 0x42,
    loads: [0x29, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35],
    stores: [0x37, 0x3c, 0x3d, 0x3e],
    extend: [0xc2, 3],
  },
} as const;
/** Within `binary`: div_s, div_u, rem_s, rem_u. */
const DIVISIONS = [3, 4, 5, 6];
const MAX_DEPTH = 5;
export const TABLE = 8;

/** Writes one function, choosing as it goes. */
export class Body {
  readonly random: Random;
  readonly signature: Signature;
  readonly signatures: readonly Signature[];
  readonly globals: readonly Type[];
  readonly elements: readonly number[];
  readonly locals: Type[];
  readonly out: number[] = [];
  /** What a branch to each enclosing label takes with it, innermost last; loops take nothing. */
  readonly labels: (readonly Type[])[];
  /** Instructions that may still be written: keeps functions small. */
  budget: number;

  constructor(random: Random, signature: Signature, facts: ModuleOutline) {
    this.random = random;
    this.signature = signature;
    this.signatures = facts.signatures;
    this.globals = facts.globals;
    this.elements = facts.elements;
    this.locals = [...signature.params, ...Array.from({ length: random.below(14) }, () => random.type())];
    this.labels = [signature.results];
    this.budget = 40 + random.below(400);
  }

  write(): number[] {
    this.burn();
    this.statements(2 + this.random.below(8));
    for (const type of this.signature.results) this.expression(type, 0);
    const declared = this.locals.slice(this.signature.params.length);
    return [
      ...u32(declared.length),
      ...declared.flatMap((type) => [1, wasmTypes[type]]),
      ...this.out,
      op.end,
    ];
  }

  emit(...bytes: readonly number[]): void {
    this.out.push(...bytes);
    this.budget--;
  }

  /** Stops the program when the fuel is used up. */
  burn(): void {
    const fuel = this.globals.length;
    this.emit(op.globalGet, fuel, ranges.i32.eqz, op.if, 0x40, op.unreachable, op.end);
    this.emit(op.globalGet, fuel, ranges.i32.constant, 1, ranges.i32.binary[0] + 1, op.globalSet, fuel);
  }

  statements(count: number): void {
    for (let n = 0; n < count && this.budget > 0; n++) this.random.pick(statementKinds)(this);
  }

  constant(type: Type, value: bigint): void {
    this.emit(ranges[type].constant, ...s64(value));
  }

  local(type: Type): number | undefined {
    const fitting = this.locals.flatMap((each, n) => (each === type ? [n] : []));
    return fitting.length === 0 ? undefined : this.random.pick(fitting);
  }

  /** An address: mostly inside of memory. */
  address(depth: number): void {
    this.expression("i32", depth);
    if (this.random.chance(9, 10))
      this.emit(ranges.i32.constant, ...s64(this.random.pick([0xffn, 0xfffn, 0x7ffcn])), 0x71);
  }

  offset(): void {
    const { random } = this;
    const far = random.chance(1, 30)
      ? random.pick([65535, 0x7fffffff, 0x80000000, 0xffffffff])
      : random.below(300);
    this.emit(0, ...u32(random.chance(1, 2) ? 0 : far));
  }

  expression(type: Type, depth: number): void {
    if (depth >= MAX_DEPTH || this.budget <= 0) this.leaf(type);
    else this.random.pick(expressionKinds)(this, type, depth + 1);
  }

  leaf(type: Type): void {
    const local = this.local(type);
    if (local !== undefined && this.random.chance(3, 4)) this.emit(op.localGet, local);
    else this.constant(type, this.random.value(type));
  }

  /** Arguments of a function, and the call; its results are on the stack. */
  call(index: number, depth: number): void {
    for (const type of this.signatures[index]!.params) this.expression(type, depth);
    const places = this.elements.flatMap((each, n) => (each === index ? [n] : []));
    if (places.length > 0 && this.random.chance(1, 2)) {
      // Now and then a wrong one, or none at all.
      const place = this.random.chance(1, 25) ? this.random.below(2 * TABLE) : this.random.pick(places);
      this.constant("i32", BigInt(place));
      this.emit(op.callIndirect, ...u32(index), 0);
    } else this.emit(op.call, ...u32(index));
  }

  inside(label: readonly Type[], write: () => void): void {
    this.labels.push(label);
    write();
    this.labels.pop();
    this.emit(op.end);
  }

  /** Values for a branch to the label `up` levels out. */
  branchValues(up: number, depth: number): void {
    for (const type of this.labels[this.labels.length - 1 - up]!) this.expression(type, depth);
  }
}

type Statement = (b: Body) => void;
const statementKinds: readonly Statement[] = [
  ...Array.from(
    { length: 4 },
    (): Statement => (b) => {
      if (b.locals.length === 0) return;
      const local = b.random.below(b.locals.length);
      b.expression(b.locals[local]!, 0);
      b.emit(op.localSet, local);
    },
  ),
  (b) => {
    const global = b.random.below(b.globals.length);
    b.expression(b.globals[global]!, 0);
    b.emit(op.globalSet, global);
  },
  ...Array.from(
    { length: 2 },
    (): Statement => (b) => {
      const type = b.random.type();
      b.address(2);
      b.expression(type, 1);
      b.emit(b.random.pick(ranges[type].stores));
      b.offset();
    },
  ),
  (b) => {
    b.expression("i32", 1);
    b.emit(op.if, 0x40);
    b.labels.push([]);
    b.statements(1 + b.random.below(3));
    if (b.random.chance(1, 2)) {
      b.emit(op.else);
      b.statements(1 + b.random.below(3));
    }
    b.labels.pop();
    b.emit(op.end);
  },
  ...Array.from(
    { length: 2 },
    (): Statement => (b) => {
      b.emit(op.loop, 0x40);
      b.inside([], () => {
        b.burn();
        b.statements(1 + b.random.below(4));
        b.expression("i32", 1);
        b.emit(op.brIf, 0);
      });
    },
  ),
  (b) => {
    b.emit(op.block, 0x40);
    b.inside([], () => {
      b.statements(1 + b.random.below(3));
      b.expression("i32", 1);
      b.emit(op.brIf, 0);
      b.statements(1 + b.random.below(3));
    });
  },
  // Out of one of several blocks by a table.
  (b) => {
    const depth = 1 + b.random.below(4);
    for (let n = 0; n < depth; n++) b.emit(op.block, 0x40);
    const labels = Array.from({ length: depth }, (): readonly Type[] => []);
    b.labels.push(...labels);
    b.expression("i32", 1);
    const targets = Array.from({ length: b.random.below(6) }, () => b.random.below(depth));
    b.emit(op.brTable, ...u32(targets.length), ...targets.flatMap(u32), b.random.below(depth), op.end);
    b.labels.pop();
    for (let n = 1; n < depth; n++) {
      b.statements(1);
      b.labels.pop();
      b.emit(op.end);
    }
  },
  (b) => {
    const index = b.random.below(b.signatures.length);
    b.call(index, 2);
    for (const _ of b.signatures[index]!.results) b.emit(op.drop);
  },
  // A branch out of anything around.
  (b) => {
    const up = b.random.below(b.labels.length);
    b.expression("i32", 2);
    b.emit(op.if, 0x40);
    b.labels.push([]);
    b.branchValues(up + 1, 2);
    if (up === b.labels.length - 2 && b.random.chance(1, 2)) b.emit(op.return);
    else b.emit(op.br, ...u32(up + 1));
    b.labels.pop();
    b.emit(op.end);
  },
  // memory.copy, memory.fill
  (b) => {
    b.address(2);
    b.address(2);
    b.expression("i32", 2);
    b.emit(ranges.i32.constant, ...s64(63n), 0x71, 0xfc, ...(b.random.chance(1, 2) ? [10, 0, 0] : [11, 0]));
  },
];

type Expression = (b: Body, type: Type, depth: number) => void;
const binary: Expression = (b, type, depth) => {
  const [first, count] = ranges[type].binary;
  const which = b.random.below(count);
  b.expression(type, depth);
  b.expression(type, depth);
  // Most divisors are odd, so that most programs do not trap.
  if (DIVISIONS.includes(which) && b.random.chance(9, 10)) b.emit(ranges[type].constant, 1, first + 8);
  b.emit(first + which);
};
const oneResult: Expression = (b, type, depth) => {
  const fitting = b.signatures.flatMap(({ results }, n) =>
    results.length === 1 && results[0] === type ? [n] : [],
  );
  if (fitting.length === 0) b.leaf(type);
  else b.call(b.random.pick(fitting), depth);
};

const expressionKinds: readonly Expression[] = [
  ...Array.from({ length: 8 }, () => binary),
  ...Array.from({ length: 3 }, (): Expression => (b, type) => b.leaf(type)),
  (b, type) => {
    const fitting = b.globals.flatMap((each, n) => (each === type ? [n] : []));
    if (fitting.length === 0) b.leaf(type);
    else b.emit(op.globalGet, b.random.pick(fitting));
  },
  (b, type, depth) => {
    b.expression(type, depth);
    const [first, count] = ranges[type].unary;
    b.emit(first + b.random.below(count));
  },
  (b, type, depth) => {
    b.expression(type, depth);
    const [first, count] = ranges[type].extend;
    b.emit(first + b.random.below(count));
  },
  ...Array.from(
    { length: 2 },
    (): Expression => (b, type, depth) => {
      // A comparison, widened if need be.
      const of = b.random.type();
      const [first, count] = ranges[of].compare;
      b.expression(of, depth);
      b.expression(of, depth);
      b.emit(first + b.random.below(count));
      if (type === "i64") b.emit(0xad);
    },
  ),
  (b, type, depth) => {
    const of = b.random.type();
    b.expression(of, depth);
    b.emit(ranges[of].eqz);
    if (type === "i64") b.emit(0xac);
  },
  (b, type, depth) => {
    b.expression(type === "i32" ? "i64" : "i32", depth);
    b.emit(type === "i32" ? 0xa7 : b.random.pick([0xac, 0xad]));
  },
  (b, type, depth) => {
    b.expression(type, depth);
    b.expression(type, depth);
    b.expression("i32", depth);
    b.emit(op.select);
  },
  ...Array.from(
    { length: 3 },
    (): Expression => (b, type, depth) => {
      b.address(depth);
      b.emit(b.random.pick(ranges[type].loads));
      b.offset();
    },
  ),
  (b, type, depth) => {
    const local = b.local(type);
    b.expression(type, depth);
    if (local !== undefined) b.emit(op.localTee, local);
  },
  (b, type, depth) => {
    b.expression("i32", depth);
    b.emit(op.if, wasmTypes[type]);
    b.labels.push([type]);
    b.expression(type, depth);
    b.emit(op.else);
    b.expression(type, depth);
    b.labels.pop();
    b.emit(op.end);
  },
  (b, type, depth) => {
    b.emit(op.block, wasmTypes[type]);
    b.inside([type], () => {
      b.statements(1);
      b.expression(type, depth);
      b.expression("i32", depth);
      b.emit(op.brIf, 0);
    });
  },
  oneResult,
  (b, type, depth) => {
    if (type === "i64" || b.random.chance(3, 4)) return b.leaf(type);
    if (b.random.chance(1, 2)) return b.emit(op.memorySize, 0);
    b.expression("i32", depth);
    b.emit(ranges.i32.constant, 1, 0x71, op.memoryGrow, 0);
  },
];
