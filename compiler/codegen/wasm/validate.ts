import { WasmError } from "./error.ts";
import type { ConstantExpression, Module } from "./module.ts";
import type { FuncType, Limits, ValueType } from "./types.ts";
import { validateBody } from "./validate-body.ts";

/**
 * Checks a module by the typing rules of the core specification, section 3 (version 2.0 without vectors), bodies included.
 * Throws WasmError. After it every index is in range and every body is well typed.
 */
export function validate(module: Module): void {
  validateTypes(module);
  validateGlobals(module);
  validateSegments(module);
  validateExports(module);
  validateStart(module);
  const declared = declaredFunctions(module);
  for (const { typeIndex, code } of module.functions)
    if (code) validateBody(module, module.types[typeIndex]!, code, declared);
}

const MAX_PAGES = 65536;

function invalid(at: number, what: string): never {
  throw new WasmError("invalid", at, what);
}

function validateTypes(module: Module): void {
  for (const { typeIndex, code } of module.functions)
    if (module.types[typeIndex] === undefined) invalid(code?.start ?? 0, `unknown type ${typeIndex}`);
  for (const { limits } of module.tables) checkLimits(limits, 2 ** 32 - 1);
  for (const { limits } of module.memories) checkLimits(limits, MAX_PAGES);
  if (module.memories.length > 1) invalid(0, "multiple memories");
}

function checkLimits({ min, max }: Limits, most: number): void {
  if (min > most || (max ?? 0) > most) invalid(0, "memory size must be at most 65536 pages (4GiB)");
  if (max !== undefined && max < min) invalid(0, "size minimum must not be greater than maximum");
}

function validateGlobals(module: Module): void {
  for (const { init, type } of module.globals) if (init) checkConstant(module, init, type);
}

function validateSegments(module: Module): void {
  for (const { mode, init, type } of module.elements) {
    for (const expression of init) checkConstant(module, expression, type);
    if (mode.kind !== "active") continue;
    const table = module.tables[mode.table] ?? invalid(mode.offset.at, `unknown table ${mode.table}`);
    if (table.element !== type) invalid(mode.offset.at, "type mismatch: table and segment");
    checkConstant(module, mode.offset, "i32");
  }
  for (const { mode } of module.data) {
    if (mode.kind !== "active") continue;
    if (module.memories[mode.memory] === undefined) invalid(mode.offset.at, `unknown memory ${mode.memory}`);
    checkConstant(module, mode.offset, "i32");
  }
}

/** A constant expression is one instruction; it sees imported, immutable globals only. */
function checkConstant(module: Module, { at, insts }: ConstantExpression, expected: ValueType): void {
  const [inst] = insts;
  if (inst === undefined || insts.length > 1) invalid(at, "type mismatch: not one value");
  if (typeOf() !== expected) invalid(at, `type mismatch: expected ${expected}`);

  function typeOf(): ValueType {
    if (inst!.op === "ref.null") return inst!.type;
    if (inst!.op === "ref.func") {
      if (module.functions[inst!.index] === undefined) invalid(at, `unknown function ${inst!.index}`);
      return "funcref";
    }
    if (inst!.op !== "global.get") return inst!.op.slice(0, 3) as ValueType;
    const global = module.globals[inst!.index];
    if (global?.import === undefined) invalid(at, `unknown global ${inst!.index}`);
    if (global.mutable) invalid(at, "constant expression required");
    return global.type;
  }
}

function validateExports(module: Module): void {
  const spaces = {
    func: module.functions,
    table: module.tables,
    memory: module.memories,
    global: module.globals,
  };
  const names = new Set<string>();
  for (const { name, kind, index, at } of module.exports) {
    if (names.has(name)) invalid(at, `duplicate export name ${JSON.stringify(name)}`);
    names.add(name);
    if (index >= spaces[kind].length) invalid(at, `unknown ${kind} ${index}`);
  }
}

function validateStart(module: Module): void {
  if (module.start === undefined) return;
  const target = module.functions[module.start];
  if (target === undefined) invalid(0, `unknown function ${module.start}`);
  const { params, results }: FuncType = module.types[target.typeIndex]!;
  if (params.length + results.length > 0) invalid(0, "start function");
}

/** Functions that `ref.func` may name: those that occur in the module outside of bodies. */
function declaredFunctions(module: Module): ReadonlySet<number> {
  const declared = new Set<number>();
  const add = (expression: ConstantExpression | undefined) => {
    for (const inst of expression?.insts ?? []) if (inst.op === "ref.func") declared.add(inst.index);
  };
  for (const { init } of module.globals) add(init);
  for (const { init } of module.elements) for (const each of init) add(each);
  for (const { kind, index } of module.exports) if (kind === "func") declared.add(index);
  return declared;
}
