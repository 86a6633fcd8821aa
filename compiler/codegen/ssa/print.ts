import type { Block, Draft, Func, Inst, Target } from "./func.ts";
import type { ValueId } from "./ids.ts";
import { type Op, row } from "./ops.ts";

/**
 * Fields beside the operands, in the order of the text; false and a zero offset are not written. One table for the
 * printer and the parser.
 */
export const fieldsOf: { readonly [O in Op]?: readonly string[] } = {
  load: ["bytes", "signed", "offset"],
  store: ["bytes", "offset"],
  "global.get": ["index", "high"],
  "global.set": ["index", "high"],
  "ref.func": ["index"],
  "table.get": ["index"],
  "table.set": ["index"],
  "table.size": ["index"],
  "table.grow": ["index"],
  "table.fill": ["index"],
  "table.copy": ["index", "segment"],
  "table.init": ["index", "segment"],
  "memory.init": ["segment"],
  "data.drop": ["segment"],
  "elem.drop": ["segment"],
  call: ["callee"],
  call_import: ["symbol"],
  call_indirect: ["typeIndex", "table"],
  intrinsic: ["name"],
  trap: ["trap"],
};

/** Does the type of this operation belong into its name? */
function isTyped(op: Op): boolean {
  const { args, result } = row(op);
  return (args?.includes("x") ?? false) || result === "x";
}

/**
 * The function as text, the same on every run. `parseFunc` reads it back.
 *
 *     func sum(i32, i32) -> i32
 *     b0(v0: i32, v1: i32):
 *       v2 = add.i32 v0, v1
 *       br_if v2, b1, b2(v0)
 */
export function printFunc(func: Func): string {
  const results = func.results.length > 0 ? ` -> ${func.results.join(", ")}` : "";
  const lines = [`func ${func.name}(${func.params.join(", ")})${results}`];
  for (const block of func.blocks) {
    lines.push(`${printBlockHead(func, block)}:${block.cold ? " cold" : ""}`);
    for (const inst of block.insts) lines.push(`  ${printInst(func, inst)}`);
  }
  return `${lines.join("\n")}\n`;
}

function printBlockHead(func: Func, block: Block): string {
  const params = block.params.map((value) => `${name(value)}: ${func.typeOf(value)}`);
  return `b${block.id}${params.length > 0 ? `(${params.join(", ")})` : ""}`;
}

export function printInst(func: Func, inst: Inst): string {
  const operands = [...inst.args.map(name)];
  if (inst.op === "iconst") operands.push(String(inst.value));
  if ("targets" in inst) operands.push(...inst.targets.map(printTarget));
  const words = [operands.join(", "), ...printFields(inst)].filter((word) => word !== "");
  const op = isTyped(inst.op) ? `${inst.op}.${inst.type}` : inst.op;
  return `${printResults(func, inst)}${[op, ...words].join(" ")}`;
}

function printResults(func: Func, inst: Inst): string {
  if (inst.results.length === 0) return "";
  const bySignature = row(inst.op).result === undefined;
  const each = inst.results.map((value) =>
    bySignature ? `${name(value)}: ${func.typeOf(value)}` : name(value),
  );
  return `${each.join(", ")} = `;
}

function printFields(inst: Draft): string[] {
  const fields = inst as unknown as Readonly<Record<string, unknown>>;
  return (fieldsOf[inst.op] ?? []).flatMap((key) => {
    const value = fields[key];
    if (value === false || (key === "offset" && value === 0)) return [];
    return value === true ? [key] : [`${key}=${value}`];
  });
}

function printTarget({ block, args }: Target): string {
  return `b${block.id}${args.length > 0 ? `(${args.map(name).join(", ")})` : ""}`;
}

function name(value: ValueId): string {
  return `v${value}`;
}
