/** Random function bodies: typed by construction, each kind of statement and expression one function. */
import { s64, type Type, u32, wasmTypes } from "./encode.ts";
import type { Random } from "./random.ts";
import { conversionsToFloats, conversionsToIntegers } from "./random-floats.ts";
import { constant, op, ranges, signs } from "./random-opcodes.ts";

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
  readonly forV8: boolean;

  constructor(random: Random, signature: Signature, facts: ModuleOutline, forV8: boolean) {
    this.forV8 = forV8;
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
    // The last two are those of `canonical`.
    const more: Type[] = this.random.floats ? ["f32", "f64"] : [];
    const declared = [...this.locals.slice(this.signature.params.length), ...more];
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
    this.emit(...constant(type, value));
  }

  /** The result of an operation on floats: V8 may give any of those that are no number, so that it is told to take the one that we take. */
  canonical(type: Type): void {
    if (!this.forV8 || type === "i32" || type === "i64") return;
    const local = this.locals.length + (type === "f32" ? 0 : 1);
    const get = [op.localGet, ...u32(local)];
    const nan = constant(type, type === "f32" ? 0x7fc0_0000n : 0x7ff8_0000_0000_0000n);
    this.out.push(
      op.localSet,
      ...u32(local),
      ...nan,
      ...get,
      ...get,
      ...get,
      ranges[type].compare[0] + 1,
      op.select,
    );
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
    else this.random.pick(kindsOf(type, this.random.floats))(this, type, depth + 1);
  }

  leaf(type: Type): void {
    const local = this.local(type);
    if (local !== undefined && this.random.chance(3, 4)) this.emit(op.localGet, local);
    else if (isFloat(type) && this.random.chance(1, 12)) this.constant(type, noNumber(this.random, type));
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

const isFloat = (type: Type): type is "f32" | "f64" => type === "f32" || type === "f64";

/** Quiet or not, of either sign. */
function noNumber(random: Random, type: "f32" | "f64"): bigint {
  const [width, exponent] = type === "f32" ? [32, 0x7f80_0000n] : [64, 0x7ff0_0000_0000_0000n];
  const fraction = 1n << BigInt(random.below(type === "f32" ? 23 : 52));
  return BigInt.asIntN(width, exponent | fraction | (random.chance(1, 2) ? 1n << BigInt(width - 1) : 0n));
}

/** Puts a value of the type on the stack. */
export type Expression = (b: Body, type: Type, depth: number) => void;
const binary: Expression = (b, type, depth) => {
  const [first, count] = ranges[type].binary;
  const which = b.random.below(count);
  b.expression(type, depth);
  b.expression(type, depth);
  // Most divisors are odd, so that most programs do not trap.
  if (!isFloat(type) && DIVISIONS.includes(which) && b.random.chance(9, 10))
    b.emit(ranges[type].constant, 1, first + 8);
  b.emit(first + which);
  if (!signs.has(first + which)) b.canonical(type);
};
const leaf: Expression = (b, type) => b.leaf(type);
const global: Expression = (b, type) => {
  const fitting = b.globals.flatMap((each, n) => (each === type ? [n] : []));
  if (fitting.length === 0) b.leaf(type);
  else b.emit(op.globalGet, b.random.pick(fitting));
};
const unary: Expression = (b, type, depth) => {
  b.expression(type, depth);
  const [first, count] = ranges[type].unary;
  const which = first + b.random.below(count);
  b.emit(which);
  if (!signs.has(which)) b.canonical(type);
};
const select: Expression = (b, type, depth) => {
  b.expression(type, depth);
  b.expression(type, depth);
  b.expression("i32", depth);
  b.emit(op.select);
};
const load: Expression = (b, type, depth) => {
  b.address(depth);
  b.emit(b.random.pick(ranges[type].loads));
  b.offset();
};
const tee: Expression = (b, type, depth) => {
  const local = b.local(type);
  b.expression(type, depth);
  if (local !== undefined) b.emit(op.localTee, local);
};
const either: Expression = (b, type, depth) => {
  b.expression("i32", depth);
  b.emit(op.if, wasmTypes[type]);
  b.labels.push([type]);
  b.expression(type, depth);
  b.emit(op.else);
  b.expression(type, depth);
  b.labels.pop();
  b.emit(op.end);
};
const block: Expression = (b, type, depth) => {
  b.emit(op.block, wasmTypes[type]);
  b.inside([type], () => {
    b.statements(1);
    b.expression(type, depth);
    b.expression("i32", depth);
    b.emit(op.brIf, 0);
  });
};
/** A comparison, widened if need be. */
const comparison: Expression = (b, type, depth) => {
  const of = b.random.type();
  const [first, count] = ranges[of].compare;
  b.expression(of, depth);
  b.expression(of, depth);
  b.emit(first + b.random.below(count));
  if (type === "i64") b.emit(0xad);
};
const oneResult: Expression = (b, type, depth) => {
  const fitting = b.signatures.flatMap(({ results }, n) =>
    results.length === 1 && results[0] === type ? [n] : [],
  );
  if (fitting.length === 0) b.leaf(type);
  else b.call(b.random.pick(fitting), depth);
};

const integerKinds: readonly Expression[] = [
  ...Array.from({ length: 8 }, () => binary),
  ...Array.from({ length: 3 }, () => leaf),
  global,
  unary,
  (b, type, depth) => {
    b.expression(type, depth);
    const [first, count] = ranges[type as "i32" | "i64"].extend;
    b.emit(first + b.random.below(count));
  },
  comparison,
  comparison,
  (b, type, depth) => {
    const of = b.random.chance(1, 2) ? "i32" : "i64";
    b.expression(of, depth);
    b.emit(ranges[of].eqz);
    if (type === "i64") b.emit(0xac);
  },
  (b, type, depth) => {
    b.expression(type === "i32" ? "i64" : "i32", depth);
    b.emit(type === "i32" ? 0xa7 : b.random.pick([0xac, 0xad]));
  },
  select,
  ...Array.from({ length: 3 }, () => load),
  tee,
  either,
  block,
  oneResult,
  (b, type, depth) => {
    if (type === "i64" || b.random.chance(3, 4)) return b.leaf(type);
    if (b.random.chance(1, 2)) return b.emit(op.memorySize, 0);
    b.expression("i32", depth);
    b.emit(ranges.i32.constant, 1, 0x71, op.memoryGrow, 0);
  },
];
const withFloats = [...integerKinds, ...conversionsToIntegers];
const floatKinds: readonly Expression[] = [
  ...Array.from({ length: 8 }, () => binary),
  ...Array.from({ length: 3 }, () => leaf),
  ...Array.from({ length: 4 }, () => unary),
  ...[global, select, load, load, tee, either, block, oneResult],
  ...conversionsToFloats,
];

function kindsOf(type: Type, floats: boolean): readonly Expression[] {
  if (isFloat(type)) return floatKinds;
  return floats ? withFloats : integerKinds;
}
