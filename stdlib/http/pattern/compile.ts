/** Makes programs of patterns, while the image is built. */

import { CAUGHT, Op, Program } from "./program";
import { Node, NodeKind, RegexReader } from "./regex";

/** What a pattern became. */
export class Compiled {
  constructor(
    public program: Program,
    /** What destinations call the things that it catches: the one at 2n and its other name at 2n + 1, which may be empty. */
    public names: string[],
  ) {}
}

class Emitter {
  code: u32[] = [];
  sets: u64[] = [];

  get at(): u32 {
    return <u32>this.code.length / 2;
  }

  add(op: u32, a: u32, b: u32): void {
    this.code.push(op | (a << 8));
    this.code.push(b);
  }

  patch(index: u32, a: u32, b: u32): void {
    this.code[<i32>index * 2] = Op.split | (a << 8);
    this.code[<i32>index * 2 + 1] = b;
  }

  set(low: u64, high: u64): void {
    this.add(Op.set, <u32>this.sets.length / 2, 0);
    this.sets.push(low);
    this.sets.push(high);
  }

  /** Its depth is that of the groups, which the language bounds. */
  emit(node: Node): void {
    if (node.kind == NodeKind.set) this.set(node.low, node.high);
    else if (node.kind == NodeKind.anchor) this.add(node.op, node.min, 0);
    else if (node.kind == NodeKind.sequence) {
      for (let n = 0; n < node.items.length; n++) this.emit(node.items[n]);
    } else if (node.kind == NodeKind.choice) this.choice(node);
    else if (node.kind == NodeKind.group) {
      const isNoted = node.min < CAUGHT;
      if (isNoted) this.add(Op.save, 2 * node.min, 0);
      this.emit(node.items[0]);
      if (isNoted) this.add(Op.save, 2 * node.min + 1, 0);
    } else this.repeat(node);
  }

  private choice(node: Node): void {
    const jumps: u32[] = [];
    const last = node.items.length - 1;
    for (let n = 0; n < last; n++) {
      const split = this.at;
      this.add(Op.split, 0, 0);
      this.emit(node.items[n]);
      jumps.push(this.at);
      this.add(Op.jump, 0, 0);
      this.patch(split, split + 1, this.at);
    }
    this.emit(node.items[last]);
    for (let n = 0; n < jumps.length; n++) this.code[<i32>jumps[n] * 2] = Op.jump | (this.at << 8);
  }

  private repeat(node: Node): void {
    const item = node.items[0];
    for (let n: u32 = 0; n < node.min; n++) this.emit(item);
    if (node.isEndless) {
      const split = this.at;
      this.add(Op.split, 0, 0);
      this.emit(item);
      this.add(Op.jump, split, 0);
      this.fork(split, split + 1, this.at, node.isLazy);
      return;
    }
    const splits: u32[] = [];
    for (let n = node.min; n < node.max; n++) {
      splits.push(this.at);
      this.add(Op.split, 0, 0);
      this.emit(item);
    }
    for (let n = 0; n < splits.length; n++) this.fork(splits[n], splits[n] + 1, this.at, node.isLazy);
  }

  private fork(split: u32, inside: u32, behind: u32, isLazy: bool): void {
    if (isLazy) this.patch(split, behind, inside);
    else this.patch(split, inside, behind);
  }

  program(): Program {
    this.add(Op.match, 0, 0);
    return new Program(StaticArray.fromArray(this.code), StaticArray.fromArray(this.sets), this.at);
  }
}

/** A regular expression that the language has found to be one. It matches anywhere unless it is anchored. */
export function compileRegex(text: string): Compiled {
  const reader = new RegexReader(text);
  const node = reader.read();
  const emitter = new Emitter();
  emitter.emit(node);
  return new Compiled(emitter.program(), reader.names);
}

/** `/blog/{slug}`, `/assets/*`, `/assets/**`, `*`: as regular expressions of a few forms. */
export function compilePattern(text: string): Compiled {
  let regex = "^";
  const names: string[] = [];
  let at = text == "*" ? 1 : 0;
  if (at == 1) regex += "/.*";
  while (at < text.length) {
    const c = text.charAt(at);
    if (text.substr(at, 2) == "**") {
      regex += "(.*)";
      names.push(`${names.length / 2 + 1}`);
      names.push("");
      at += 2;
    } else if (c == "*") {
      regex += "([^/]+)";
      names.push(`${names.length / 2 + 1}`);
      names.push("");
      at += 1;
    } else if (c == "{") {
      const end = text.indexOf("}", at);
      regex += "([^/]+)";
      names.push(`${names.length / 2 + 1}`);
      names.push(text.substring(at + 1, end));
      at = end + 1;
    } else {
      if (".+*?()[]{}|^$\\".includes(c)) regex += "\\";
      regex += c;
      at += 1;
    }
  }
  return new Compiled(compileRegex(`${regex}$`).program, names);
}
