import { type Block, type Draft, Func, type Target } from "../ssa/func.ts";
import type { ValueId } from "../ssa/ids.ts";
import { bitsOf, type IntType, type Type } from "../ssa/types.ts";
import type { Instruction } from "../wasm/instructions.ts";
import type { Module } from "../wasm/module.ts";
import type { FuncType, ValueType } from "../wasm/types.ts";
import type { Body } from "./body.ts";

const ssaTypes: Readonly<Record<ValueType, Type>> = {
  i32: "i32",
  i64: "i64",
  f32: "i32",
  f64: "i64",
  funcref: "ref",
  externref: "ref",
};

/** Floats are the integers of their bits from here on. */
export function ssaType(type: ValueType): Type {
  return ssaTypes[type];
}

/** Translates one instruction. */
export type Translate = (builder: Builder, inst: Instruction) => void;

/** An edge to a block whose parameters are not known yet: all values there, as they are at its start. */
interface Incoming {
  readonly target: Target;
  /** All locals, then the values that the label carries. */
  readonly values: readonly ValueId[];
}

/** One open construct. What a branch to its label does depends on its kind. */
export interface Frame {
  readonly kind: "block" | "loop" | "if" | "else" | "function";
  readonly type: FuncType;
  /** Operands below the construct's own. */
  readonly height: number;
  /** Where a loop begins, with the locals that its back edges carry. */
  readonly loop: { readonly header: Block; readonly carried: readonly number[] } | undefined;
  /** Edges to the end of the construct. */
  readonly incoming: Incoming[];
  /** The other side of an `if`, with the values at its start; its block has not been listed yet. */
  readonly otherwise: { readonly block: Block; readonly values: readonly ValueId[] } | undefined;
  /** Nothing in the construct can be reached, not even its start. */
  readonly dead: boolean;
}

/**
 * Turns structured control flow into SSA while walking the body once. The values of all locals are known at every point. At
 * the end of a construct a parameter is made for whatever differs between its incoming edges; at the start of a loop for
 * each local that the loop assigns, which is seen beforehand. What was not needed after all is for `redundant-params`.
 */
export class Builder {
  readonly module: Module;
  readonly func: Func;
  /** Operand stack. */
  readonly stack: ValueId[] = [];
  /** Values of the locals. */
  locals: ValueId[] = [];
  readonly frames: Frame[] = [];
  readonly body: Body;
  /** Where instructions go; undefined in unreachable code. */
  block: Block | undefined;
  /** Offset in the module of the instruction being translated. */
  at = 0;

  constructor(module: Module, index: number, body: Body) {
    this.module = module;
    this.body = body;
    const { type, locals } = body;
    this.func = new Func(
      module.functions[index]!.name,
      index,
      type.params.map(ssaType),
      type.results.map(ssaType),
    );
    const entry = this.func.makeBlock();
    this.start(entry);
    for (const param of this.func.params) this.locals.push(this.func.addParam(entry, param));
    const zeros = new Map<Type, ValueId>();
    for (const local of locals.slice(type.params.length)) {
      const ssa = ssaType(local);
      const zero = zeros.get(ssa) ?? this.#zero(ssa);
      zeros.set(ssa, zero);
      this.locals.push(zero);
    }
    this.frames.push(this.#frame("function", type));
  }

  push(value: ValueId): void {
    this.stack.push(value);
  }
  pop(): ValueId {
    const value = this.stack.pop();
    if (value === undefined) throw new Error("BUG: operand stack of a validated body is empty");
    return value;
  }
  /** The top `count` operands, in the order they were pushed. */
  popMany(count: number): ValueId[] {
    return count === 0 ? [] : this.stack.splice(-count);
  }

  /** Adds an instruction here, with its operands given, and gives its result, if any. */
  emit(draft: Draft, resultTypes?: readonly Type[]): ValueId {
    return this.func.append(this.block!, { ...draft, at: this.at }, resultTypes);
  }
  number(type: IntType, value: bigint): ValueId {
    return this.emit({ op: "iconst", type, args: [], value: BigInt.asIntN(bitsOf[type], value) });
  }
  /** Adds a terminator; what follows is unreachable. */
  end(draft: Draft): void {
    this.emit(draft);
    this.block = undefined;
  }

  /** Lists `block` and continues in it. */
  start(block: Block): void {
    this.func.blocks.push(block);
    this.block = block;
  }

  /** Opens a construct of unreachable code. */
  openDead(kind: Frame["kind"]): void {
    this.frames.push({ ...this.#frame(kind, { params: [], results: [] }), dead: true });
  }

  openBlock(type: FuncType): void {
    this.frames.push(this.#frame("block", type));
  }

  openLoop(type: FuncType, place: number): void {
    const carried = [...this.body.assigned.get(place)!].sort((a, b) => a - b);
    const height = this.stack.length - type.params.length;
    const header = this.func.makeBlock();
    this.end({
      op: "jump",
      args: [],
      targets: [{ block: header, args: this.#carried(carried, type.params.length) }],
    });
    this.start(header);
    this.locals = [...this.locals];
    for (const local of carried) this.locals[local] = this.#param(header, this.locals[local]!);
    for (let index = height; index < this.stack.length; index++)
      this.stack[index] = this.#param(header, this.stack[index]!);
    this.frames.push({ ...this.#frame("loop", type), loop: { header, carried } });
  }

  openIf(type: FuncType): void {
    const condition = this.pop();
    const [then, otherwise] = [this.func.makeBlock(), this.func.makeBlock()];
    const values = [...this.locals, ...this.#top(type.params.length)];
    const targets = [then, otherwise].map((block) => ({ block, args: [] }));
    this.emit({ op: "br_if", args: [condition], targets });
    this.start(then);
    this.frames.push({ ...this.#frame("if", type), otherwise: { block: otherwise, values } });
  }

  else(): void {
    const frame = this.frames.pop()!;
    if (frame.dead) {
      this.openDead("else");
      return;
    }
    this.#fallThrough(frame);
    this.#restore(frame, frame.otherwise!.values);
    this.start(frame.otherwise!.block);
    this.frames.push({ ...frame, kind: "else", otherwise: undefined });
  }

  /** Closes the innermost construct. */
  close(): void {
    const frame = this.frames.pop()!;
    if (frame.dead) return;
    if (frame.kind === "if") {
      this.#fallThrough(frame);
      this.#restore(frame, frame.otherwise!.values);
      this.start(frame.otherwise!.block);
    }
    if (frame.incoming.length > 0) {
      this.#fallThrough(frame);
      this.#join(frame);
    }
    if (frame.kind === "function" && this.block)
      this.end({ op: "return", args: this.popMany(frame.type.results.length), targets: [] });
  }

  /** Where a branch to label `depth` goes. Its operands stay on the stack. */
  target(depth: number): Target {
    const frame = this.frames.at(-1 - depth)!;
    if (frame.loop) {
      const { header, carried } = frame.loop;
      return { block: header, args: this.#carried(carried, frame.type.params.length) };
    }
    if (frame.kind === "function") return { block: this.#returning(frame), args: [] };
    const target = { block: frame.incoming[0]?.target.block ?? this.func.makeBlock(), args: [] };
    frame.incoming.push({ target, values: [...this.locals, ...this.#top(frame.type.results.length)] });
    return target;
  }

  /** An unconditional branch. */
  branch(depth: number): void {
    const frame = this.frames.at(-1 - depth)!;
    if (frame.kind === "function") this.return();
    else this.end({ op: "jump", args: [], targets: [this.target(depth)] });
  }

  return(): void {
    this.end({ op: "return", args: this.popMany(this.func.results.length), targets: [] });
  }

  #zero(type: Type): ValueId {
    return type === "ref" ? this.emit({ op: "ref.null", args: [] }) : this.number(type, 0n);
  }

  #frame(kind: Frame["kind"], type: FuncType): Frame {
    const height = this.stack.length - (kind === "function" ? 0 : type.params.length);
    return { kind, type, height, loop: undefined, incoming: [], otherwise: undefined, dead: false };
  }

  #param(block: Block, like: ValueId): ValueId {
    return this.func.addParam(block, this.func.typeOf(like));
  }

  #top(count: number): ValueId[] {
    return count === 0 ? [] : this.stack.slice(-count);
  }

  #carried(locals: readonly number[], operands: number): ValueId[] {
    return [...locals.map((local) => this.locals[local]!), ...this.#top(operands)];
  }

  #restore(frame: Frame, values: readonly ValueId[]): void {
    this.locals = values.slice(0, this.locals.length);
    this.stack.length = frame.height;
    this.stack.push(...values.slice(this.locals.length));
  }

  /** Control reaches the end of a construct from above; never used for a loop, whose label is its start. */
  #fallThrough(frame: Frame): void {
    if (this.block === undefined) return;
    this.frames.push(frame);
    this.branch(0);
    this.frames.pop();
  }

  #join({ incoming, height }: Frame): void {
    const { block } = incoming[0]!.target;
    const values = incoming[0]!.values.map((value, index) => {
      if (incoming.every((each) => each.values[index] === value)) return value;
      for (const each of incoming) each.target.args.push(each.values[index]!);
      return this.#param(block, value);
    });
    this.locals = values.slice(0, this.locals.length);
    this.stack.length = height;
    this.stack.push(...values.slice(this.locals.length));
    this.start(block);
  }

  /** A block of its own that returns the operands: a conditional `return` has nowhere else to go. */
  #returning(frame: Frame): Block {
    const block = this.func.makeBlock();
    const args = this.#top(frame.type.results.length);
    this.func.append(block, { op: "return", args, targets: [], at: this.at });
    this.func.blocks.push(block);
    return block;
  }
}
