import { type Instruction, readInstruction, readLocals } from "../wasm/instructions.ts";
import { type Module, typeOfFunction } from "../wasm/module.ts";
import { Reader } from "../wasm/reader.ts";
import type { FuncType, ValueType } from "../wasm/types.ts";

/** A function's body, decoded as a whole. */
export interface Body {
  readonly type: FuncType;
  /** Parameters, then locals. */
  readonly locals: readonly ValueType[];
  readonly insts: readonly Instruction[];
  /** For each `loop`, by its place in `insts`: the locals that are assigned in it. */
  readonly assigned: ReadonlyMap<number, ReadonlySet<number>>;
}

/** Decodes the body of a function that is no import. */
export function readBody(module: Module, index: number): Body {
  const { code } = module.functions[index]!;
  if (code === undefined) throw new Error(`BUG: function ${index} is an import`);
  const reader = new Reader(module.bytes, code.start, code.end);
  const type = typeOfFunction(module, index);
  const locals = [...type.params, ...readLocals(reader)];
  const insts: Instruction[] = [];
  while (!reader.done) insts.push(readInstruction(reader));
  return { type, locals, insts, assigned: findAssigned(insts) };
}

function findAssigned(insts: readonly Instruction[]): Map<number, Set<number>> {
  const assigned = new Map<number, Set<number>>();
  const open: (Set<number> | undefined)[] = []; // one entry per construct, with a set where it is a loop
  insts.forEach(({ opcode, index }, place) => {
    if (opcode.name === "loop") {
      const found = new Set<number>();
      assigned.set(place, found);
      open.push(found);
    } else if (opcode.immediates === "block") open.push(undefined);
    else if (opcode.name === "local.set" || opcode.name === "local.tee") lastLoop(open)?.add(index);
    else if (opcode.name === "end") close(open);
  });
  return assigned;
}

/** What an inner loop assigns, the loop around it assigns too. */
function close(open: (Set<number> | undefined)[]): void {
  const inner = open.pop();
  const outer = lastLoop(open);
  if (inner && outer) for (const local of inner) outer.add(local);
}

function lastLoop(open: readonly (Set<number> | undefined)[]): Set<number> | undefined {
  return open.findLast((found) => found !== undefined);
}
