import type { Func } from "../ssa/func.ts";
import type { Signatures } from "../ssa/verify.ts";
import type { Instruction } from "../wasm/instructions.ts";
import { type Module, typeOfFunction } from "../wasm/module.ts";
import type { FuncType } from "../wasm/types.ts";
import { readBody } from "./body.ts";
import { Builder, ssaType } from "./builder.ts";
import { translate } from "./translate.ts";

/** The SSA of function `index` of a validated module; it must not be an import. */
export function buildFunction(module: Module, index: number): Func {
  const body = readBody(module, index);
  const builder = new Builder(module, index, body);
  body.insts.forEach((inst, place) => {
    builder.at = inst.at;
    const structure = structural[inst.opcode.name];
    if (structure) structure(builder, inst, place);
    else if (builder.block) translate(builder, inst);
  });
  return builder.func;
}

/** Signatures of a module for `verify`. */
export function signaturesOf(module: Module): Signatures {
  const convert = ({ params, results }: FuncType) => ({
    params: params.map(ssaType),
    results: results.map(ssaType),
  });
  return {
    ofFunction: (index) => convert(typeOfFunction(module, index)),
    ofType: (index) => convert(module.types[index]!),
  };
}

type Structural = (builder: Builder, inst: Instruction, place: number) => void;

/** What opens and closes constructs is looked at in unreachable code too. */
const structural: Readonly<Record<string, Structural>> = {
  block: opening("block", (builder, inst) => builder.openBlock(blockType(builder, inst))),
  loop: opening("loop", (builder, inst, place) => builder.openLoop(blockType(builder, inst), place)),
  if: opening("if", (builder, inst) => builder.openIf(blockType(builder, inst))),
  else: (builder) => builder.else(),
  end: (builder) => builder.close(),
};

function opening(kind: "block" | "loop" | "if", open: Structural): Structural {
  return (builder, inst, place) => {
    if (builder.block) open(builder, inst, place);
    else builder.openDead(kind);
  };
}

function blockType({ module }: Builder, { index, types }: Instruction): FuncType {
  return index === -1 ? { params: [], results: types } : module.types[index]!;
}
