import type { Changes } from "../ssa/context.ts";
import { intrinsics } from "../ssa/intrinsics.ts";
import { effect } from "../ssa/ops.ts";
import { type Instruction, readInstruction, readLocals } from "../wasm/instructions.ts";
import type { Module } from "../wasm/module.ts";
import { Reader } from "../wasm/reader.ts";

/**
 * What a call of each function can change, by function index: found by looking for stores in it and in all that it calls.
 * Undefined for one that can change anything, because it calls what is not in the module, or through a table.
 */
export function changesOf(module: Module): (callee: number) => Changes | undefined {
  const known = module.functions.map((_, index) => own(module, index));
  const callers: number[][] = module.functions.map(() => []);
  known.forEach(({ callees }, index) => {
    for (const callee of callees) callers[callee]!.push(index);
  });
  const work = known.map((_, index) => index);
  for (let index = work.pop(); index !== undefined; index = work.pop())
    for (const caller of callers[index]!) if (absorb(known[caller]!, known[index]!)) work.push(caller);
  return (callee) => (known[callee]!.anything ? undefined : known[callee]);
}

/** Does any of the functions make memory grow? */
export function growsMemory(module: Module): boolean {
  return module.functions.some((_, index) => own(module, index).size);
}

interface Found extends Changes {
  memory: boolean;
  size: boolean;
  readonly globals: Set<number>;
  anything: boolean;
  readonly callees: Set<number>;
}

/** Adds what a callee changes; true if that is new. */
function absorb(caller: Found, callee: Found): boolean {
  if (caller.anything) return false;
  const before = caller.globals.size;
  for (const global of callee.globals) caller.globals.add(global);
  const more =
    (callee.memory && !caller.memory) ||
    (callee.size && !caller.size) ||
    callee.anything ||
    caller.globals.size > before;
  caller.memory ||= callee.memory;
  caller.size ||= callee.size;
  caller.anything ||= callee.anything;
  return more;
}

function own(module: Module, index: number): Found {
  const found: Found = {
    memory: false,
    size: false,
    globals: new Set(),
    anything: false,
    callees: new Set(),
  };
  const { code, import: imported } = module.functions[index]!;
  if (code === undefined) {
    const effects = intrinsics[imported!]?.effects;
    found.anything = effects === undefined;
    found.memory = ((effects ?? 0) & effect.writesMemory) !== 0;
    return found;
  }
  const reader = new Reader(module.bytes, code.start, code.end);
  readLocals(reader);
  while (!reader.done) note(readInstruction(reader), found);
  return found;
}

function note({ opcode: { name }, index }: Instruction, found: Found): void {
  if (name === "memory.grow") found.size = true;
  if (name === "call") found.callees.add(index);
  else if (name === "call_indirect") found.anything = true;
  else if (name === "global.set") found.globals.add(index);
  else if (name.includes(".store") || changing.has(name)) found.memory = true;
}

const changing: ReadonlySet<string> = new Set(["memory.copy", "memory.fill", "memory.init", "memory.grow"]);
