import { TrapError } from "../ssa/evaluate.ts";
import type { Func, Inst } from "../ssa/func.ts";
import { type Environment, interpret } from "../ssa/interpret.ts";
import { intrinsics } from "../ssa/intrinsics.ts";
import { routine } from "../ssa/routines.ts";
import { type ConstantExpression, type Module, typeOfFunction } from "../wasm/module.ts";
import { buildFunction } from "./build.ts";

const PAGE = 65536;
/** An instance may grow no further than this, so that a random module does not eat the machine. */
const MAX_PAGES = 1024;
/** Nested calls until "call stack exhausted"; the interpreter's own stack must hold them. */
const MAX_DEPTH = 400;

/** What an instance gets from outside. */
export interface Host {
  /** Value of an imported global, "MODULE.NAME". */
  global(name: string): bigint;
  /** An imported function. */
  call(name: string, args: readonly bigint[]): readonly bigint[];
  /** Least and greatest size of imported memories and tables, in pages and elements. */
  readonly memory: { readonly min: number; readonly max: number };
  readonly table: { readonly min: number; readonly max: number };
}

/** An instance of a wasm module whose functions are interpreted SSA. References to functions are their index plus one. */
export class Instance implements Environment {
  readonly module: Module;
  memory: Uint8Array;
  readonly globals: bigint[] = [];
  readonly tables: bigint[][];
  readonly checked: boolean;
  fuel = Number.POSITIVE_INFINITY;
  readonly #host: Host;
  readonly #prepare: (func: Func) => void;
  readonly #word: 4 | 8;
  readonly #functions: (Func | undefined)[] = [];
  readonly #routines = new Map<string, Func>();
  readonly #droppedData = new Set<number>();
  readonly #droppedElements = new Set<number>();
  #depth = 0;

  /**
   * `prepare` is run once on each function before its first call: the optimiser, or nothing; with `word` 4 it makes two values of each i64 and
   * checks all accesses.
   * Start functions and segments trap as usual.
   */
  constructor(module: Module, host: Host, prepare: (func: Func) => void = () => {}, word: 4 | 8 = 8) {
    this.#word = word;
    this.checked = word === 4;
    this.module = module;
    this.#host = host;
    this.#prepare = prepare;
    const memory = module.memories[0];
    const pages = memory === undefined ? 0 : memory.import ? host.memory.min : memory.limits.min;
    this.memory = new Uint8Array(Math.min(pages, MAX_PAGES) * PAGE);
    for (const { init, import: imported } of module.globals)
      this.globals.push(init ? this.#constant(init) : host.global(imported!));
    this.tables = module.tables.map(({ limits, import: imported }) =>
      new Array<bigint>(Math.min(imported ? host.table.min : limits.min, 1 << 20)).fill(0n),
    );
    this.#initialize();
    if (module.start !== undefined) this.call(module.start, []);
  }

  /** Calls an exported function. Throws TrapError, OutOfFuel. */
  invoke(name: string, args: readonly bigint[]): readonly bigint[] {
    const found = this.module.exports.find((item) => item.kind === "func" && item.name === name);
    if (!found) throw new Error(`no exported function ${name}`);
    this.#depth = 0;
    const { params, results } = typeOfFunction(this.module, found.index);
    return this.#whole(results, this.call(found.index, this.#halves(params, args)));
  }

  /** The value of an exported global. */
  read(name: string): bigint {
    const found = this.module.exports.find((item) => item.kind === "global" && item.name === name);
    const { type } = this.module.globals[found!.index]!;
    const value = this.globals[found!.index]!;
    return type === "i32" ? BigInt.asIntN(32, value) : value;
  }

  call(callee: number, args: readonly bigint[]): readonly bigint[] {
    const { import: imported } = this.module.functions[callee]!;
    if (imported !== undefined) return this.#import(callee, imported, args);
    if (++this.#depth > MAX_DEPTH) throw new TrapError("stack");
    const results = interpret(this.#function(callee), args, this);
    this.#depth--;
    return results;
  }

  callImport(symbol: string, args: readonly bigint[]): readonly bigint[] {
    const known = this.#routines.get(symbol) ?? routine(symbol);
    if (known === undefined)
      return this.#import(
        this.module.functions.findIndex((each) => each.import === symbol),
        symbol,
        args,
      );
    if (!this.#routines.has(symbol)) this.#prepare(known);
    this.#routines.set(symbol, known);
    return interpret(known, args, this);
  }

  /** The host knows whole numbers only. */
  #import(index: number, name: string, args: readonly bigint[]): readonly bigint[] {
    const { params, results } = typeOfFunction(this.module, index);
    return this.#halves(results, this.#host.call(name, this.#whole(params, args)));
  }

  /** As code with words of 32 bits has them: an i64 is two. */
  #halves(types: readonly string[], values: readonly bigint[]): readonly bigint[] {
    if (this.#word === 8) return values;
    return values.flatMap((value, n) =>
      types[n] === "i64" ? [BigInt.asIntN(32, value), BigInt.asIntN(32, value >> 32n)] : [value],
    );
  }

  #whole(types: readonly string[], values: readonly bigint[]): readonly bigint[] {
    if (this.#word === 8) return values;
    let at = 0;
    return types.map((type) => {
      const low = values[at++]!;
      return type === "i64" ? BigInt.asIntN(64, (values[at++]! << 32n) | BigInt.asUintN(32, low)) : low;
    });
  }

  intrinsic(name: string, args: readonly bigint[]): readonly bigint[] {
    if (name === "math.mul64hi")
      return [BigInt.asIntN(64, (BigInt.asUintN(64, args[0]!) * BigInt.asUintN(64, args[1]!)) >> 64n)];
    const { params, results } = intrinsics[name]!;
    return this.#halves(results, this.#host.call(name, this.#whole(params, args)));
  }

  callIndirect(
    typeIndex: number,
    table: number,
    element: number,
    args: readonly bigint[],
  ): readonly bigint[] {
    const elements = this.tables[table]!;
    if (element >= elements.length) throw new TrapError("undefinedElement");
    const callee = Number(elements[element]!) - 1;
    if (callee < 0) throw new TrapError("nullElement");
    const { types, functions } = this.module;
    const same = JSON.stringify(types[typeIndex]) === JSON.stringify(types[functions[callee]!.typeIndex]);
    if (!same) throw new TrapError("signature");
    return this.call(callee, args);
  }

  growMemory(pages: number): number {
    const old = this.memory.length / PAGE;
    const { limits, import: imported } = this.module.memories[0]!;
    const max = Math.min(limits.max ?? MAX_PAGES, MAX_PAGES, imported ? this.#host.memory.max : MAX_PAGES);
    if (old + pages > max) return -1;
    const grown = new Uint8Array((old + pages) * PAGE);
    grown.set(this.memory);
    this.memory = grown;
    return old;
  }

  refFunc(index: number): bigint {
    return BigInt(index) + 1n;
  }

  segments(inst: Inst, args: readonly bigint[]): bigint | undefined {
    const [a, b, c] = args.map((value) => Number(BigInt.asUintN(32, value)));
    if (inst.op === "data.drop") this.#droppedData.add(inst.segment);
    else if (inst.op === "elem.drop") this.#droppedElements.add(inst.segment);
    else if (inst.op === "memory.init") this.#initMemory(inst.segment, a!, b!, c!);
    else if (inst.op === "table.init") this.#initTable(inst.index, inst.segment, a!, b!, c!);
    else if (inst.op === "table.copy") this.#copyTable(inst.index, inst.segment, a!, b!, c!);
    else if ("index" in inst) return this.#table(inst.op, inst.index, args, a!, b!, c!);
    else throw new Error(`BUG: cannot interpret ${inst.op}`);
    return undefined;
  }

  #table(
    op: Inst["op"],
    index: number,
    args: readonly bigint[],
    a: number,
    b: number,
    c: number,
  ): bigint | undefined {
    const table = this.tables[index]!;
    if (op === "table.size") return BigInt(table.length);
    if (op === "table.grow") {
      const max = Math.min(this.module.tables[index]!.limits.max ?? 1 << 20, 1 << 20);
      if (table.length + b > max) return -1n;
      for (let count = 0; count < b; count++) table.push(args[0]!);
      return BigInt(table.length - b);
    }
    if (op === "table.fill") {
      inTable(table, a, c);
      table.fill(args[1]!, a, a + c);
      return undefined;
    }
    inTable(table, a, 1);
    if (op === "table.get") return table[a]!;
    table[a] = args[1]!;
    return undefined;
  }

  #copyTable(index: number, source: number, to: number, from: number, count: number): void {
    inTable(this.tables[source]!, from, count);
    inTable(this.tables[index]!, to, count);
    const moved = this.tables[source]!.slice(from, from + count);
    this.tables[index]!.splice(to, count, ...moved);
  }

  #initTable(index: number, segment: number, to: number, from: number, count: number): void {
    const values = this.#droppedElements.has(segment) ? [] : this.module.elements[segment]!.init;
    inTable(values, from, count);
    inTable(this.tables[index]!, to, count);
    for (let each = 0; each < count; each++)
      this.tables[index]![to + each] = this.#constant(values[from + each]!);
  }

  #initMemory(segment: number, to: number, from: number, count: number): void {
    const bytes = this.#droppedData.has(segment) ? new Uint8Array() : this.module.data[segment]!.bytes;
    if (from + count > bytes.length || to + count > this.memory.length) throw new TrapError("memory");
    this.memory.set(bytes.subarray(from, from + count), to);
  }

  #initialize(): void {
    this.module.elements.forEach(({ mode, init }, segment) => {
      if (mode.kind === "active")
        this.#initTable(mode.table, segment, this.#offset(mode.offset), 0, init.length);
      if (mode.kind !== "passive") this.#droppedElements.add(segment);
    });
    this.module.data.forEach(({ mode, bytes }, segment) => {
      if (mode.kind !== "active") return;
      this.#initMemory(segment, this.#offset(mode.offset), 0, bytes.length);
      this.#droppedData.add(segment);
    });
  }

  #offset(expression: ConstantExpression): number {
    return Number(BigInt.asUintN(32, this.#constant(expression)));
  }

  #constant({ insts: [inst] }: ConstantExpression): bigint {
    if (inst === undefined) throw new Error("BUG: empty constant expression");
    if (inst.op === "global.get") return this.globals[inst.index]!;
    if (inst.op === "ref.func") return this.refFunc(inst.index);
    return "value" in inst ? inst.value : 0n;
  }

  #function(index: number): Func {
    const known = this.#functions[index];
    if (known) return known;
    const func = buildFunction(this.module, index);
    this.#prepare(func);
    this.#functions[index] = func;
    return func;
  }
}

function inTable(table: readonly unknown[], start: number, count: number): void {
  if (start + count > table.length) throw new TrapError("table");
}
