import { evaluate, TrapError } from "./evaluate.ts";
import type { AccessBytes, Func, Inst, InstOf, Load, Store, Target, Terminator } from "./func.ts";
import { isTerminator } from "./func.ts";
import type { ValueId } from "./ids.ts";

/** What surrounds a function when it is interpreted. References are 0 for null, else whatever the environment says. */
export interface Environment {
  /** Linear memory as it is now; a new array after it has grown. */
  memory: Uint8Array;
  readonly globals: bigint[];
  /** Accesses have been checked: one out of bounds is our mistake and no trap. */
  readonly checked?: boolean;
  /** Instructions left, constants not counted; an interpretation that has none left throws OutOfFuel. */
  fuel: number;
  call(callee: number, args: readonly bigint[]): readonly bigint[];
  callImport(symbol: string, args: readonly bigint[]): readonly bigint[];
  callIndirect(typeIndex: number, table: number, element: number, args: readonly bigint[]): readonly bigint[];
  intrinsic(name: string, args: readonly bigint[]): readonly bigint[];
  /** Pages before, or -1. */
  growMemory(pages: number): number;
  refFunc(index: number): bigint;
  /** Everything about tables and segments: `inst.op` begins with `table.`, `elem.`, `data.` or is `memory.init`. */
  segments(inst: Inst, args: readonly bigint[]): bigint | undefined;
}

/** An interpretation that would not end. */
export class OutOfFuel extends Error {}

/**
 * Runs a function by the definition of its operations, slowly and obviously: what optimised SSA and machine code are
 * compared with. Throws TrapError when the program traps.
 */
export function interpret(func: Func, args: readonly bigint[], environment: Environment): readonly bigint[] {
  const values: bigint[] = new Array(func.valueCount).fill(0n);
  const enter = ({ block, args: given }: Target, read: (value: ValueId) => bigint) => {
    const all = given.map(read);
    block.params.forEach((param, index) => {
      values[param] = all[index]!;
    });
    return block;
  };
  let block = func.entry;
  block.params.forEach((param, index) => {
    values[param] = args[index]!;
  });
  const read = (value: ValueId) => values[value]!;
  for (;;) {
    for (const inst of block.insts) {
      if (inst.op !== "iconst" && environment.fuel-- <= 0) throw new OutOfFuel("out of fuel");
      const operands = inst.args.map(read);
      if (isTerminator(inst)) {
        const next = follow(inst, operands);
        if (next === undefined) return operands;
        block = enter(next, read);
        break;
      }
      const results = execute(inst, operands, environment);
      inst.results.forEach((value, index) => {
        values[value] = results[index]!;
      });
    }
  }
}

/** The target that a terminator chooses; undefined for `return`. */
function follow(inst: Terminator, [operand]: readonly bigint[]): Target | undefined {
  if (inst.op === "jump") return inst.targets[0];
  if (inst.op === "br_if") return inst.targets[operand !== 0n ? 0 : 1];
  if (inst.op === "br_table")
    return inst.targets[Number(BigInt.asUintN(32, operand!))] ?? inst.targets.at(-1);
  if (inst.op === "trap") throw new TrapError(inst.trap);
  return undefined;
}

function execute(inst: Inst, args: readonly bigint[], environment: Environment): readonly bigint[] {
  const value = evaluate(inst.op, inst.type, args);
  if (value !== undefined) return [value];
  const rule = rules[inst.op as keyof typeof rules] as Rule | undefined;
  if (rule !== undefined) return rule(inst as never, args, environment);
  const result = environment.segments(inst, args);
  return result === undefined ? [] : [result];
}

type Rule = (inst: never, args: readonly bigint[], environment: Environment) => readonly bigint[];

const number = (value: bigint | undefined): number => Number(BigInt.asUintN(32, value!));

function range(memory: Uint8Array, start: number, length: number): void {
  if (start + length > memory.length) throw new TrapError("memory");
}

function placeOf(inst: Load | Store, address: bigint | undefined, { memory, checked }: Environment): number {
  const at = number(address) + inst.offset;
  if (checked === true && at + inst.bytes > memory.length)
    throw new Error(`BUG: ${inst.op} of ${inst.bytes} at ${at} was not checked`);
  return at;
}

const rules = {
  iconst: (inst: InstOf<"iconst">) => [inst.value],
  load: (inst: InstOf<"load">, [address]: readonly bigint[], environment: Environment) => {
    const at = placeOf(inst, address, environment);
    const signed = inst.signed || inst.bytes === (inst.type === "i32" ? 4 : 8);
    return [readMemory(environment.memory, at, inst.bytes, signed)];
  },
  store: (inst: InstOf<"store">, [address, value]: readonly bigint[], environment: Environment) => {
    writeMemory(environment.memory, placeOf(inst, address, environment), inst.bytes, value!);
    return [];
  },
  "memory.bytes": (_: Inst, __: readonly bigint[], { memory }: Environment) => [
    BigInt.asIntN(32, BigInt(memory.length)),
  ],
  "memory.size": (_: Inst, __: readonly bigint[], { memory }: Environment) => [BigInt(memory.length / 65536)],
  "memory.grow": (_: Inst, [pages]: readonly bigint[], environment: Environment) => [
    BigInt(environment.growMemory(number(pages))),
  ],
  "memory.copy": (_: Inst, [to, from, bytes]: readonly bigint[], { memory }: Environment) => {
    range(memory, number(from), number(bytes));
    range(memory, number(to), number(bytes));
    memory.copyWithin(number(to), number(from), number(from) + number(bytes));
    return [];
  },
  "memory.fill": (_: Inst, [to, byte, bytes]: readonly bigint[], { memory }: Environment) => {
    range(memory, number(to), number(bytes));
    memory.fill(Number(BigInt.asUintN(8, byte!)), number(to), number(to) + number(bytes));
    return [];
  },
  "global.get": (inst: InstOf<"global.get">, _: readonly bigint[], { globals }: Environment) => [
    readGlobal(inst, globals[inst.index]!),
  ],
  "global.set": (inst: InstOf<"global.set">, [value]: readonly bigint[], { globals }: Environment) => {
    globals[inst.index] = writtenGlobal(inst, globals[inst.index]!, value!);
    return [];
  },
  "ref.null": () => [0n],
  "ref.is_null": (_: Inst, [value]: readonly bigint[]) => [value === 0n ? 1n : 0n],
  "ref.func": (inst: InstOf<"ref.func">, _: readonly bigint[], environment: Environment) => [
    environment.refFunc(inst.index),
  ],
  call: (inst: InstOf<"call">, args: readonly bigint[], environment: Environment) =>
    environment.call(inst.callee, args),
  call_import: (inst: InstOf<"call_import">, args: readonly bigint[], environment: Environment) =>
    environment.callImport(inst.symbol, args),
  call_indirect: (
    inst: InstOf<"call_indirect">,
    [element, ...args]: readonly bigint[],
    environment: Environment,
  ) => environment.callIndirect(inst.typeIndex, inst.table, number(element), args),
  intrinsic: (inst: InstOf<"intrinsic">, args: readonly bigint[], environment: Environment) =>
    environment.intrinsic(inst.name, args),
} as const;

/** An i32 is the lower or the upper half of what there is; the rest stays. */
function readGlobal({ type, high }: InstOf<"global.get">, all: bigint): bigint {
  return type === "i32" ? BigInt.asIntN(32, high ? all >> 32n : all) : all;
}

function writtenGlobal({ type, high }: InstOf<"global.set">, before: bigint, value: bigint): bigint {
  if (type !== "i32") return value;
  const low = BigInt.asUintN(32, high ? before : value);
  return BigInt.asIntN(64, ((high ? value : before >> 32n) << 32n) | low);
}

/** Little-endian; traps when not inside. */
export function readMemory(memory: Uint8Array, at: number, bytes: AccessBytes, signed: boolean): bigint {
  range(memory, at, bytes);
  let value = 0n;
  for (let index = bytes - 1; index >= 0; index--) value = (value << 8n) | BigInt(memory[at + index]!);
  return signed ? BigInt.asIntN(bytes * 8, value) : value;
}

function writeMemory(memory: Uint8Array, at: number, bytes: AccessBytes, value: bigint): void {
  range(memory, at, bytes);
  for (let index = 0; index < bytes; index++)
    memory[at + index] = Number((value >> BigInt(8 * index)) & 0xffn);
}
