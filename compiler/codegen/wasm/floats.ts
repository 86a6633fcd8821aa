import { type Instruction, readInstruction, readLocals } from "./instructions.ts";
import { type Module, typeOfFunction } from "./module.ts";
import { Reader } from "./reader.ts";
import type { FuncType, ValueType } from "./types.ts";

/** The first thing in a body that needs floating point, as an error message names it; undefined if there is none. */
export function floatIn(module: Module, index: number): string | undefined {
  const { code, name } = module.functions[index]!;
  if (code === undefined) return undefined;
  const reader = new Reader(module.bytes, code.start, code.end);
  const at = (offset: number) => `in function ${name} at offset ${offset}`;
  if (inType(typeOfFunction(module, index))) return `a float parameter or result ${at(code.start)}`;
  if (readLocals(reader).some(isFloat)) return `a float local ${at(code.start)}`;
  while (!reader.done) {
    const inst = readInstruction(reader);
    if (instructionNeedsFloats(module, inst)) return `float instruction ${inst.opcode.name} ${at(inst.at)}`;
  }
  return undefined;
}

/** Does this instruction compute with, move or merge floating-point values? */
function instructionNeedsFloats(module: Module, { opcode, index, types }: Instruction): boolean {
  if (opcode.float || types.some(isFloat)) return true;
  if (opcode.immediates === "block") return index !== -1 && inType(module.types[index]!);
  if (opcode.immediates === "indirect") return inType(module.types[index]!);
  if (opcode.name === "call") return inType(typeOfFunction(module, index));
  return opcode.immediates === "global" && isFloat(module.globals[index]!.type);
}

/**
 * Functions that cannot be run without floating point: their bodies need it, or they call, directly or possibly
 * through a table, functions that do.
 */
export function functionsWithFloats(module: Module): ReadonlySet<number> {
  const callers = new Map<number, number[]>();
  const found = new Set<number>();
  const work: number[] = [];
  const add = (index: number) => {
    if (!found.has(index)) work.push(index);
    found.add(index);
  };
  module.functions.forEach((_, index) => {
    if (floatIn(module, index) !== undefined) add(index);
    for (const callee of callees(module, index)) {
      const known = callers.get(callee);
      if (known) known.push(index);
      else callers.set(callee, [index]);
    }
  });
  for (let index = work.pop(); index !== undefined; index = work.pop())
    for (const caller of callers.get(index) ?? []) add(caller);
  return found;
}

function callees(module: Module, index: number): Set<number> {
  const { code } = module.functions[index]!;
  const found = new Set<number>();
  if (code === undefined) return found;
  const reader = new Reader(module.bytes, code.start, code.end);
  readLocals(reader);
  while (!reader.done) {
    const inst = readInstruction(reader);
    if (inst.opcode.name === "call") found.add(inst.index);
    if (inst.opcode.name !== "call_indirect") continue;
    const type = JSON.stringify(module.types[inst.index]);
    for (const each of inTables(module))
      if (JSON.stringify(typeOfFunction(module, each)) === type) found.add(each);
  }
  return found;
}

/** Functions that element segments put into tables. */
function inTables(module: Module): number[] {
  const init = module.elements.flatMap((segment) => segment.init.flatMap(({ insts }) => insts));
  return init.flatMap((inst) => (inst.op === "ref.func" ? [inst.index] : []));
}

function isFloat(type: ValueType): boolean {
  return type === "f32" || type === "f64";
}

function inType({ params, results }: FuncType): boolean {
  return params.some(isFloat) || results.some(isFloat);
}
