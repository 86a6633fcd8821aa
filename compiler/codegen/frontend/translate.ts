import type { AccessBytes, Draft } from "../ssa/func.ts";
import { intrinsics } from "../ssa/intrinsics.ts";
import { type Op, ops } from "../ssa/ops.ts";
import type { IntType } from "../ssa/types.ts";
import { WasmError } from "../wasm/error.ts";
import type { Instruction } from "../wasm/instructions.ts";
import { opcodes } from "../wasm/opcodes.ts";
import type { ValueType } from "../wasm/types.ts";
import { type Builder, ssaType, type Translate } from "./builder.ts";
import { floatRules } from "./floats.ts";

/** Translates one instruction that is reachable and not about structure. */
export function translate(builder: Builder, inst: Instruction): void {
  const rule = rules[inst.opcode.name];
  if (rule === undefined) throw new Error(`BUG: no translation of ${inst.opcode.name}`);
  rule(builder, inst);
}

/** The type of an instruction's name: `f64.load` is `i64`, for its bits. */
const typeIn = (name: string) => ssaType(name.slice(0, 3) as ValueType) as IntType;

/** Integer operations whose name is that of the SSA operation, its type in front. */
function numeric(name: string, operands: number): Translate {
  const [type, op] = name.split(".") as [IntType, string];
  return (builder) => {
    const args = builder.popMany(operands);
    builder.push(builder.emit({ op, type, args } as Draft));
  };
}

const conversions: Readonly<Record<string, Op>> = {
  "i32.wrap_i64": "wrap",
  "i64.extend_i32_s": "extend_s",
  "i64.extend_i32_u": "extend_u",
};

function conversion(op: Op): Translate {
  return (builder) => builder.push(builder.emit({ op, args: [builder.pop()] } as Draft));
}

function load(name: string, bytes: AccessBytes): Translate {
  const type = typeIn(name);
  const signed = name.endsWith("_s");
  return (builder, { offset }) =>
    builder.push(builder.emit({ op: "load", type, args: [builder.pop()], bytes, signed, offset }));
}

function store(name: string, bytes: AccessBytes): Translate {
  const type = typeIn(name);
  return (builder, { offset }) => {
    builder.emit({ op: "store", type, args: builder.popMany(2), bytes, offset });
  };
}

function constant(name: string): Translate {
  const type = typeIn(name);
  return (builder, { value }) => builder.push(builder.number(type, value));
}

/** Operations of fixed signature with fields made from the instruction. */
function simple(op: Op, fields: (inst: Instruction) => Record<string, number> = () => ({})): Translate {
  const { args, result } = ops[op] as { args: readonly string[]; result: string | null };
  return (builder, inst) => {
    const value = builder.emit({
      op,
      args: builder.popMany(args.length),
      ...fields(inst),
    } as unknown as Draft);
    if (result !== null) builder.push(value);
  };
}

const toIndex = ({ index }: Instruction) => ({ index });
const toSegment = ({ index }: Instruction) => ({ segment: index });

function call(builder: Builder, { index, at }: Instruction): void {
  const { module } = builder;
  const { typeIndex, import: imported } = module.functions[index]!;
  const type = module.types[typeIndex]!;
  const args = builder.popMany(type.params.length);
  const results = type.results.map(ssaType);
  if (imported === undefined) builder.emit({ op: "call", args, callee: index }, results);
  else if (imported in intrinsics) {
    const { params, results: own } = intrinsics[imported]!;
    const fits = params.join() === type.params.map(ssaType).join() && own.join() === results.join();
    if (!fits)
      throw new WasmError("invalid", at, `import ${imported} is (${params.join()}) -> (${own.join()})`);
    builder.emit({ op: "intrinsic", args, name: imported }, results);
  } else builder.emit({ op: "call_import", args, symbol: imported }, results);
  pushResults(builder);
}

function pushResults(builder: Builder): void {
  for (const result of builder.block!.insts.at(-1)!.results) builder.push(result);
}

const rules: Readonly<Record<string, Translate>> = {
  ...fromOpcodes(),
  ...floatRules,
  nop: () => {},
  drop: (builder) => {
    builder.pop();
  },
  unreachable: (builder) => builder.end({ op: "trap", args: [], targets: [], trap: "unreachable" }),
  select,
  select_t: select,
  "local.get": (builder, { index }) => builder.push(builder.locals[index]!),
  "local.set": (builder, { index }) => {
    builder.locals[index] = builder.pop();
  },
  "local.tee": (builder, { index }) => {
    builder.locals[index] = builder.stack.at(-1)!;
  },
  "global.get": (builder, { index }) => {
    const type = ssaType(builder.module.globals[index]!.type);
    builder.push(builder.emit({ op: "global.get", type, args: [], index, high: false }));
  },
  "global.set": (builder, { index }) => {
    const type = ssaType(builder.module.globals[index]!.type);
    builder.emit({ op: "global.set", type, args: [builder.pop()], index, high: false });
  },
  "memory.size": simple("memory.size"),
  "memory.grow": simple("memory.grow"),
  "memory.copy": simple("memory.copy"),
  "memory.fill": simple("memory.fill"),
  "memory.init": simple("memory.init", toSegment),
  "data.drop": simple("data.drop", toSegment),
  "ref.null": simple("ref.null"),
  "ref.is_null": simple("ref.is_null"),
  "ref.func": simple("ref.func", toIndex),
  "table.get": simple("table.get", toIndex),
  "table.set": simple("table.set", toIndex),
  "table.size": simple("table.size", toIndex),
  "table.grow": simple("table.grow", toIndex),
  "table.fill": simple("table.fill", toIndex),
  "table.copy": simple("table.copy", ({ index, index2 }) => ({ index, segment: index2 })),
  "table.init": simple("table.init", ({ index, index2 }) => ({ index: index2, segment: index })),
  "elem.drop": simple("elem.drop", toSegment),
  call,
  call_indirect: (builder, { index, index2 }) => {
    const type = builder.module.types[index]!;
    const element = builder.pop();
    const args = [element, ...builder.popMany(type.params.length)];
    builder.emit({ op: "call_indirect", args, typeIndex: index, table: index2 }, type.results.map(ssaType));
    pushResults(builder);
  },
  br: (builder, { index }) => builder.branch(index),
  br_if: (builder, { index }) => {
    const condition = builder.pop();
    const next = builder.func.makeBlock();
    const taken = builder.target(index);
    builder.emit({ op: "br_if", args: [condition], targets: [taken, { block: next, args: [] }] });
    builder.start(next);
  },
  br_table: (builder, { labels }) => {
    const selector = builder.pop();
    const targets = labels.map((label) => builder.target(label));
    builder.end({ op: "br_table", args: [selector], targets });
  },
  return: (builder) => builder.return(),
};

function select(builder: Builder): void {
  const [first, second, condition] = builder.popMany(3);
  const type = builder.func.typeOf(first!);
  builder.push(builder.emit({ op: "select", type, args: [condition!, first!, second!] }));
}

/** Rules for all opcodes whose translation follows from their name; what computes with floats has rules of its own. */
function fromOpcodes(): Record<string, Translate> {
  const found: Record<string, Translate> = {};
  for (const { name, bytes, signature, float, immediates } of opcodes.values()) {
    if (signature === undefined) continue;
    if (name in conversions) found[name] = conversion(conversions[name]!);
    else if (name.includes(".load")) found[name] = load(name, bytes as AccessBytes);
    else if (name.includes(".store")) found[name] = store(name, bytes as AccessBytes);
    else if (name.endsWith(".const")) found[name] = constant(name);
    else if (immediates === "none" && !float) found[name] = numeric(name, signature.params.length);
  }
  return found;
}
