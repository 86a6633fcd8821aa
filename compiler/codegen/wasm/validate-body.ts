import { WasmError } from "./error.ts";
import { type Instruction, readInstruction, readLocals } from "./instructions.ts";
import type { Module } from "./module.ts";
import type { Immediates, Opcode } from "./opcodes.ts";
import { Reader } from "./reader.ts";
import type { FuncType, RefType, ValueType } from "./types.ts";

/** Checks one body: the algorithm of the core specification's appendix, with a stack of types and one of frames. */
export function validateBody(
  module: Module,
  type: FuncType,
  code: { readonly start: number; readonly end: number },
  declared: ReadonlySet<number>,
): void {
  const reader = new Reader(module.bytes, code.start, code.end);
  const body = new Body(module, [...type.params, ...readLocals(reader)], type.results, declared);
  while (!body.finished) body.check(readInstruction(reader));
  if (!reader.done) reader.fail("unexpected content after the end of a function");
}

/** `undefined` is the bottom type: what unreachable code has on its stack. */
type Entry = ValueType | undefined;

interface Frame {
  readonly kind: "block" | "loop" | "if" | "else";
  readonly type: FuncType;
  readonly height: number;
  unreachable: boolean;
}

const letters: Readonly<Record<string, ValueType>> = { i: "i32", I: "i64", f: "f32", F: "f64" };
const isRef = (type: Entry): boolean => type === "funcref" || type === "externref";

class Body {
  readonly #module: Module;
  readonly #locals: readonly ValueType[];
  readonly #declared: ReadonlySet<number>;
  readonly #stack: Entry[] = [];
  readonly #frames: Frame[] = [];
  #at = 0;

  constructor(
    module: Module,
    locals: readonly ValueType[],
    results: readonly ValueType[],
    declared: ReadonlySet<number>,
  ) {
    this.#module = module;
    this.#locals = locals;
    this.#declared = declared;
    this.#enter("block", { params: [], results });
  }

  get finished(): boolean {
    return this.#frames.length === 0;
  }

  check(inst: Instruction): void {
    this.#at = inst.at;
    this.#checkIndices[inst.opcode.immediates]?.(inst);
    const { signature } = inst.opcode;
    if (signature === undefined) {
      this.#rules[inst.opcode.name]!(inst);
      return;
    }
    for (let index = signature.params.length - 1; index >= 0; index--)
      this.#pop(letters[signature.params[index]!]);
    for (const letter of signature.results) this.#stack.push(letters[letter]);
  }

  #invalid(what: string): never {
    throw new WasmError("invalid", this.#at, what);
  }

  #pop(expected?: ValueType): Entry {
    const frame = this.#frame(0);
    if (this.#stack.length === frame.height) {
      if (!frame.unreachable)
        this.#invalid(`type mismatch: expected ${expected ?? "a value"}, the stack is empty`);
      return undefined;
    }
    const actual = this.#stack.pop();
    if (expected !== undefined && actual !== undefined && actual !== expected)
      this.#invalid(`type mismatch: expected ${expected}, found ${actual}`);
    return actual;
  }

  #popAll(types: readonly ValueType[]): Entry[] {
    return types
      .toReversed()
      .map((type) => this.#pop(type))
      .reverse();
  }

  #push(types: readonly Entry[]): void {
    for (const type of types) this.#stack.push(type);
  }

  #frame(depth: number): Frame {
    return this.#frames.at(-1 - depth) ?? this.#invalid(`unknown label ${depth}`);
  }

  /** The types that a branch to this label carries. */
  #label(depth: number): readonly ValueType[] {
    const { kind, type } = this.#frame(depth);
    return kind === "loop" ? type.params : type.results;
  }

  #enter(kind: Frame["kind"], type: FuncType): void {
    this.#frames.push({ kind, type, height: this.#stack.length, unreachable: false });
    this.#push(type.params);
  }

  #leave(): Frame {
    const frame = this.#frame(0);
    this.#popAll(frame.type.results);
    if (this.#stack.length !== frame.height)
      this.#invalid("type mismatch: values remain at the end of a block");
    this.#frames.pop();
    return frame;
  }

  #unreachable(): void {
    const frame = this.#frame(0);
    this.#stack.length = frame.height;
    frame.unreachable = true;
  }

  #blockType({ index, types }: Instruction): FuncType {
    if (index === -1) return { params: [], results: types };
    return this.#module.types[index] ?? this.#invalid(`unknown type ${index}`);
  }

  #call({ params, results }: FuncType): void {
    this.#popAll(params);
    this.#push(results);
  }

  #tableType(index: number): RefType {
    return (this.#module.tables[index] ?? this.#invalid(`unknown table ${index}`)).element;
  }

  #needsMemory = (): void => {
    if (this.#module.memories.length === 0) this.#invalid("unknown memory 0");
  };
  #needsData = ({ index }: Instruction): void => {
    const count = this.#module.dataCount;
    if (count === undefined) throw new WasmError("malformed", this.#at, "data count section required");
    if (index >= count) this.#invalid(`unknown data segment ${index}`);
  };
  #needsElements = ({ index }: Instruction): RefType =>
    (this.#module.elements[index] ?? this.#invalid(`unknown elem segment ${index}`)).type;

  /** What must hold of immediates, for opcodes whose typing is a fixed signature; the others look themselves. */
  readonly #checkIndices: { readonly [K in Immediates]?: (inst: Instruction) => void } = {
    memory: this.#needsMemory,
    memories: this.#needsMemory,
    memoryInit: (inst) => {
      this.#needsMemory();
      this.#needsData(inst);
    },
    data: this.#needsData,
    elem: this.#needsElements,
    memarg: ({ opcode, align }) => {
      this.#needsMemory();
      if (2 ** align > (opcode as Opcode).bytes) this.#invalid("alignment must not be larger than natural");
    },
    tables: ({ index, index2 }) => {
      if (this.#tableType(index) !== this.#tableType(index2)) this.#invalid("type mismatch: tables");
    },
    tableInit: (inst) => {
      if (this.#tableType(inst.index2) !== this.#needsElements(inst))
        this.#invalid("type mismatch: table and segment");
    },
    local: ({ index }) => {
      if (index >= this.#locals.length) this.#invalid(`unknown local ${index}`);
    },
    global: ({ index }) => {
      if (index >= this.#module.globals.length) this.#invalid(`unknown global ${index}`);
    },
    func: ({ index }) => {
      if (index >= this.#module.functions.length) this.#invalid(`unknown function ${index}`);
    },
  };

  /** Opcodes without a fixed signature. */
  readonly #rules: Readonly<Record<string, (inst: Instruction) => void>> = {
    unreachable: () => this.#unreachable(),
    nop: () => {},
    block: (inst) => this.#open("block", inst),
    loop: (inst) => this.#open("loop", inst),
    if: (inst) => {
      this.#pop("i32");
      this.#open("if", inst);
    },
    else: () => {
      const { kind, type } = this.#leave();
      if (kind !== "if") throw new WasmError("malformed", this.#at, "else without if");
      this.#enter("else", type);
    },
    end: () => {
      const { kind, type } = this.#leave();
      if (kind === "if" && type.params.join() !== type.results.join())
        this.#invalid("type mismatch: if without else changes the stack");
      this.#push(type.results);
    },
    br: ({ index }) => {
      this.#popAll(this.#label(index));
      this.#unreachable();
    },
    br_if: ({ index }) => {
      this.#pop("i32");
      const types = this.#label(index);
      this.#popAll(types);
      this.#push(types);
    },
    br_table: ({ labels }) => {
      this.#pop("i32");
      const last = this.#label(labels.at(-1)!);
      for (const label of labels) {
        const types = this.#label(label);
        if (types.length !== last.length) this.#invalid("type mismatch: labels of br_table differ in arity");
        this.#push(this.#popAll(types));
      }
      this.#popAll(last);
      this.#unreachable();
    },
    return: () => {
      this.#popAll(this.#frames[0]!.type.results);
      this.#unreachable();
    },
    call: ({ index }) => {
      const { typeIndex } = this.#module.functions[index]!;
      this.#call(this.#module.types[typeIndex]!);
    },
    call_indirect: ({ index, index2 }) => {
      if (this.#tableType(index2) !== "funcref") this.#invalid("type mismatch: not a table of functions");
      this.#pop("i32");
      this.#call(this.#module.types[index] ?? this.#invalid(`unknown type ${index}`));
    },
    drop: () => {
      this.#pop();
    },
    select: () => {
      this.#pop("i32");
      const [second, first] = [this.#pop(), this.#pop()];
      if (isRef(first) || isRef(second)) this.#invalid("type mismatch: select of references needs a type");
      if (first !== undefined && second !== undefined && first !== second)
        this.#invalid(`type mismatch: select between ${first} and ${second}`);
      this.#stack.push(first ?? second);
    },
    select_t: ({ types }) => {
      if (types.length !== 1) this.#invalid("invalid result arity");
      this.#pop("i32");
      this.#popAll([types[0]!, types[0]!]);
      this.#push(types);
    },
    "local.get": ({ index }) => this.#push([this.#locals[index]]),
    "local.set": ({ index }) => {
      this.#pop(this.#locals[index]);
    },
    "local.tee": ({ index }) => {
      this.#pop(this.#locals[index]);
      this.#push([this.#locals[index]]);
    },
    "global.get": ({ index }) => this.#push([this.#module.globals[index]!.type]),
    "global.set": ({ index }) => {
      const { type, mutable } = this.#module.globals[index]!;
      if (!mutable) this.#invalid(`global ${index} is immutable`);
      this.#pop(type);
    },
    "table.get": ({ index }) => {
      const type = this.#tableType(index);
      this.#pop("i32");
      this.#push([type]);
    },
    "table.set": ({ index }) => {
      this.#popAll(["i32", this.#tableType(index)]);
    },
    "table.size": ({ index }) => {
      this.#tableType(index);
      this.#push(["i32"]);
    },
    "table.grow": ({ index }) => {
      this.#popAll([this.#tableType(index), "i32"]);
      this.#push(["i32"]);
    },
    "table.fill": ({ index }) => {
      this.#popAll(["i32", this.#tableType(index), "i32"]);
    },
    "ref.null": ({ types }) => this.#push(types),
    "ref.is_null": () => {
      const type = this.#pop();
      if (type !== undefined && !isRef(type))
        this.#invalid(`type mismatch: expected a reference, found ${type}`);
      this.#push(["i32"]);
    },
    "ref.func": ({ index }) => {
      if (!this.#declared.has(index)) this.#invalid(`undeclared function reference ${index}`);
      this.#push(["funcref"]);
    },
  };

  #open(kind: "block" | "loop" | "if", inst: Instruction): void {
    const type = this.#blockType(inst);
    this.#popAll(type.params);
    this.#enter(kind, type);
  }
}
