/** Reads regular expressions as the language knows them: RE2's without back-references and look-around. It has found their mistakes already. */
import { Op } from "./program";

export namespace NodeKind {
  export const set: u32 = 0;
  export const anchor: u32 = 1;
  export const sequence: u32 = 2;
  export const choice: u32 = 3;
  export const repeat: u32 = 4;
  export const group: u32 = 5;
}

@final
export class Node {
  items: Node[] = [];
  low: u64 = 0;
  high: u64 = 0;
  op: u32 = 0;
  min: u32 = 0;
  max: u32 = 0;
  isEndless: bool = false;
  isLazy: bool = false;

  constructor(public kind: u32) {}

  add(from: i32, to: i32): void {
    for (let c = from; c <= to && c < 128; c++) {
      if (c < 64) this.low |= (<u64>1) << (<u64>c);
      else this.high |= (<u64>1) << (<u64>(c - 64));
    }
  }

  /** All bytes that are not in it. */
  invert(): void {
    this.low = ~this.low;
    this.high = ~this.high;
  }

  /** With what is in the other one. */
  join(other: Node): void {
    this.low |= other.low;
    this.high |= other.high;
  }
}

const COMMA = 44;
const MINUS = 45;

@final
export class RegexReader {
  /** Of the groups: a number and a name that may be empty, by turns. */
  names: string[] = [];
  private at: i32 = 0;

  constructor(private text: string) {}

  read(): Node {
    return this.choice();
  }

  private peek(): string {
    return this.text.charAt(this.at);
  }

  private take(wanted: string): bool {
    if (this.text.substr(this.at, wanted.length) != wanted) return false;
    this.at += wanted.length;
    return true;
  }

  private choice(): Node {
    const first = this.sequence();
    if (this.peek() != "|") return first;
    const node = new Node(NodeKind.choice);
    node.items.push(first);
    while (this.take("|")) node.items.push(this.sequence());
    return node;
  }

  private sequence(): Node {
    const node = new Node(NodeKind.sequence);
    while (this.at < this.text.length && this.peek() != "|" && this.peek() != ")")
      node.items.push(this.repeat());
    return node;
  }

  private repeat(): Node {
    const item = this.atom();
    const node = new Node(NodeKind.repeat);
    if (this.take("*")) node.isEndless = true;
    else if (this.take("+")) {
      node.isEndless = true;
      node.min = 1;
    } else if (this.take("?")) node.max = 1;
    else if (!this.braces(node)) return item;
    node.isLazy = this.take("?");
    node.items.push(item);
    return node;
  }

  /** `{2}`, `{2,}`, `{2,4}`; any other brace is itself. */
  private braces(node: Node): bool {
    const before = this.at;
    if (!this.take("{")) return false;
    const first = this.number();
    let last = first;
    if (first >= 0 && this.code() == COMMA) {
      this.at += 1;
      last = this.number();
      node.isEndless = last < 0;
    }
    if (first < 0 || !this.take("}")) {
      this.at = before;
      return false;
    }
    node.min = <u32>first;
    node.max = <u32>max(last, 0);
    return true;
  }

  private code(): i32 {
    return this.at < this.text.length ? this.text.charCodeAt(this.at) : 0;
  }

  /** -1 if there is none. */
  private number(): i32 {
    let value = -1;
    while (this.code() >= 48 && this.code() <= 57) {
      value = max(value, 0) * 10 + this.code() - 48;
      this.at += 1;
    }
    return value;
  }

  private atom(): Node {
    if (this.take("(")) return this.group();
    if (this.take("[")) return this.set();
    if (this.take("^")) return anchor(Op.start, 0);
    if (this.take("$")) return anchor(Op.end, 0);
    if (this.take("\\b")) return anchor(Op.boundary, 0);
    if (this.take("\\B")) return anchor(Op.boundary, 1);
    if (this.take("\\")) return this.escape();
    const node = new Node(NodeKind.set);
    if (this.take(".")) {
      node.add(10, 10);
      node.invert();
      return node;
    }
    node.add(this.code(), this.code());
    this.at += 1;
    return node;
  }

  private group(): Node {
    const node = new Node(NodeKind.group);
    if (this.take("?:")) node.min = u32.MAX_VALUE;
    else {
      let name = "";
      if (this.take("?P<") || this.take("?<")) {
        const end = this.text.indexOf(">", this.at);
        name = this.text.substring(this.at, end);
        this.at = end + 1;
      }
      node.min = <u32>this.names.length / 2;
      this.names.push(`${node.min + 1}`);
      this.names.push(name);
    }
    node.items.push(this.choice());
    this.take(")");
    return node;
  }

  /** Behind a backslash. */
  private escape(): Node {
    const node = new Node(NodeKind.set);
    const c = this.code();
    this.at += 1;
    const small = c | 32;
    if (small == 100) node.add(48, 57);
    else if (small == 119) {
      node.add(48, 57);
      node.add(65, 90);
      node.add(95, 95);
      node.add(97, 122);
    } else if (small == 115) {
      node.add(9, 10);
      node.add(12, 13);
      node.add(32, 32);
    } else {
      const value = c == 110 ? 10 : c == 114 ? 13 : c == 116 ? 9 : c == 102 ? 12 : c == 118 ? 11 : c;
      node.add(value, value);
      return node;
    }
    if (c != small) node.invert();
    return node;
  }

  private set(): Node {
    const node = new Node(NodeKind.set);
    const isInverted = this.take("^");
    let isFirst = true;
    while (this.at < this.text.length && (isFirst || this.peek() != "]")) {
      isFirst = false;
      if (this.take("\\")) {
        const escaped = this.escape();
        if (this.isRange() && isSingle(escaped)) this.range(node, this.text.charCodeAt(this.at - 1));
        else node.join(escaped);
        continue;
      }
      const from = this.code();
      this.at += 1;
      if (this.isRange()) this.range(node, from);
      else node.add(from, from);
    }
    this.take("]");
    if (isInverted) node.invert();
    return node;
  }

  private isRange(): bool {
    return this.code() == MINUS && this.at + 1 < this.text.length && this.text.charAt(this.at + 1) != "]";
  }

  private range(node: Node, from: i32): void {
    this.at += 1;
    this.take("\\");
    node.add(from, this.code());
    this.at += 1;
  }
}

function isSingle(node: Node): bool {
  return popcnt(node.low) + popcnt(node.high) == 1;
}

function anchor(op: u32, inverted: u32): Node {
  const node = new Node(NodeKind.anchor);
  node.op = op;
  node.min = inverted;
  return node;
}
