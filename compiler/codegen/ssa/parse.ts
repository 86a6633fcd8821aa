import { type Block, type Draft, Func, type Inst, type Target } from "./func.ts";
import type { ValueId } from "./ids.ts";
import { type Op, ops, row } from "./ops.ts";
import { fieldsOf } from "./print.ts";
import type { Type } from "./types.ts";

/**
 * Reads the text of `printFunc`. Values and blocks get new numbers in order of appearance, so only text whose numbers are so
 * already comes back the same. Throws on anything it cannot read.
 */
export function parseFunc(text: string, index = 0): Func {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const head = /^func (.*)\((.*?)\)(?: -> (.*))?$/.exec(lines[0]!);
  if (!head) throw new Error(`not a function: ${lines[0]}`);
  const func = new Func(head[1]!, index, list(head[2]) as Type[], list(head[3]) as Type[]);
  const reader = new Reader(func);
  for (const line of lines.slice(1)) if (!line.startsWith(" ")) reader.readHead(line);
  let at = -1;
  for (const line of lines.slice(1)) {
    if (line.startsWith(" ")) reader.readInst(func.blocks[at]!, line.trim());
    else at++;
  }
  reader.connect();
  return func;
}

const list = (text: string | undefined) => (text ? text.split(",").map((item) => item.trim()) : []);

class Reader {
  readonly #func: Func;
  readonly #values = new Map<string, ValueId>();
  readonly #blocks = new Map<string, Block>();
  // A value may be used in a block that stands before the one that defines it, so operands are bound last.
  readonly #later: (() => void)[] = [];

  constructor(func: Func) {
    this.#func = func;
  }

  readHead(line: string): void {
    const match = /^(b\d+)(?:\((.*)\))?:( cold)?$/.exec(line);
    if (!match) throw new Error(`not a block: ${line}`);
    const block = this.#func.makeBlock();
    block.cold = match[3] !== undefined;
    this.#blocks.set(match[1]!, block);
    this.#func.blocks.push(block);
    for (const param of list(match[2])) {
      const [name, type] = param.split(": ");
      this.#values.set(name!, this.#func.addParam(block, type as Type));
    }
  }

  readInst(block: Block, line: string): void {
    const [, left, right] = /^(?:(.*?) = )?(.*)$/.exec(line)!;
    const [, name, rest] = /^(\S+) ?(.*)$/.exec(right!)!;
    const [op, type] = splitType(name!);
    const operands = rest!.match(/b\d+(?:\(.*?\))?|v\d+|(?<![=\w])-?\d+|[\w$.]+(?:=\S+)?/g) ?? [];
    const draft: Record<string, unknown> = { op, type, args: [], ...defaults(op) };
    for (const key of operands.filter((word) => /^[a-zA-Z]+(=|$)/.test(word) && !/^[vb]\d/.test(word))) {
      const [field, value] = key.split("=");
      draft[field!] = value === undefined ? true : /^\d+$/.test(value) ? Number(value) : value;
    }
    if (op === "iconst") draft["value"] = BigInt(operands[0]!);
    const results = list(left).map((result) => result.split(": "));
    const inst = this.#func.make(draft as Draft, results.map(([, each]) => each) as Type[]);
    results.forEach(([result], index) => {
      this.#values.set(result!, inst.results[index]!);
    });
    block.insts.push(inst);
    this.#later.push(() => this.#bind(inst, operands));
  }

  connect(): void {
    for (const bind of this.#later) bind();
  }

  #bind(inst: Inst, operands: readonly string[]): void {
    inst.args = operands.filter((word) => /^v\d+$/.test(word)).map((word) => this.#value(word));
    if (!("targets" in inst)) return;
    inst.targets = operands.filter((word) => /^b\d+/.test(word)).map((word) => this.#target(word));
  }

  #target(word: string): Target {
    const [, name, args] = /^(b\d+)(?:\((.*)\))?$/.exec(word)!;
    const block = this.#blocks.get(name!);
    if (!block) throw new Error(`no block ${name}`);
    return { block, args: list(args).map((value) => this.#value(value)) };
  }

  #value(name: string): ValueId {
    const value = this.#values.get(name);
    if (value === undefined) throw new Error(`no value ${name}`);
    return value;
  }
}

function splitType(name: string): [Op, Type | undefined] {
  if (name in ops) return [name as Op, undefined];
  const dot = name.lastIndexOf(".");
  const op = name.slice(0, dot);
  if (!(op in ops)) throw new Error(`no operation ${name}`);
  return [op as Op, name.slice(dot + 1) as Type];
}

function defaults(op: Op): Record<string, unknown> {
  const fields = fieldsOf[op] ?? [];
  return {
    ...(fields.includes("signed") && { signed: false }),
    ...(fields.includes("high") && { high: false }),
    ...(fields.includes("offset") && { offset: 0 }),
    ...((row(op).effects & 64) !== 0 && { targets: [] }),
  };
}
