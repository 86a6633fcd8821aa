/** Types of expressions, as far as names and casts show them. Undefined is "not known": then no rule speaks. */
import * as as from "assemblyscript";
import { type ClassSymbol, type Named, newType, type Symbols } from "./symbols.ts";
import { operatorOf, typeText } from "./syntax.ts";

/** Names of a function or block, and of what is around it. */
export class Scope {
  private readonly names = new Map<string, string | undefined>();
  readonly outer: Scope | undefined;
  /** The class whose method this is in. */
  readonly self: string | undefined;

  constructor(outer: Scope | undefined, self: string | undefined = outer?.self) {
    this.outer = outer;
    this.self = self;
  }
  add(name: string, type: string | undefined): void {
    this.names.set(name, type);
  }
  find(name: string): { readonly type: string | undefined } | undefined {
    if (this.names.has(name)) return { type: this.names.get(name) };
    return this.outer?.find(name);
  }
}

const widths: Readonly<Record<string, number>> = {
  i8: 8,
  u8: 8,
  i16: 16,
  u16: 16,
  i32: 32,
  u32: 32,
  isize: 32,
  usize: 32,
  i64: 64,
  u64: 64,
};
/** Bits of an integer type; undefined for every other type. */
export const widthOf = (type: string | undefined) => (type === undefined ? undefined : widths[type]);
export const isSigned = (type: string) => type.startsWith("i");
export const isSmall = (type: string | undefined) => (widthOf(type) ?? 32) < 32;

const elements: Readonly<Record<string, string>> = {
  Uint8Array: "u8",
  Int8Array: "i8",
  Uint16Array: "u16",
  Int16Array: "i16",
  Uint32Array: "u32",
  Int32Array: "i32",
  Uint64Array: "u64",
  Int64Array: "i64",
};

function elementOf(type: string | undefined): string | undefined {
  if (type === undefined) return undefined;
  return elements[type] ?? /^(?:StaticArray|Array)<(.*)>$/.exec(type)?.[1];
}

/** Functions of the language that give the type in their angle brackets, or else their argument's. */
const generic = new Set([
  "load",
  "bswap",
  "min",
  "max",
  "abs",
  "clz",
  "ctz",
  "popcnt",
  "rotl",
  "rotr",
  "changetype",
]);
const comparisons = new Set(["==", "!=", "===", "!==", "<", ">", "<=", ">=", "&&", "||"]);
const shifts = new Set(["<<", ">>", ">>>"]);

export class Types {
  private readonly symbols: Symbols;
  private readonly file: string;

  constructor(symbols: Symbols, file: string) {
    this.symbols = symbols;
    this.file = file;
  }

  /** `literal` for integer literals and constants, which fit whatever stands beside them. */
  of(node: as.Node, scope: Scope): string | undefined {
    if (node instanceof as.IntegerLiteralExpression) return "literal";
    if (node instanceof as.ParenthesizedExpression) return this.of(node.expression, scope);
    if (node instanceof as.AssertionExpression)
      return node.toType === null ? this.of(node.expression, scope) : typeText(node.toType);
    if (node instanceof as.NewExpression) return newType(node);
    if (node instanceof as.ThisExpression) return scope.self;
    if (node instanceof as.IdentifierExpression) return this.name(node.text, scope);
    if (node instanceof as.PropertyAccessExpression) return this.property(node, scope);
    if (node instanceof as.ElementAccessExpression) return elementOf(this.of(node.expression, scope));
    if (node instanceof as.CallExpression) return this.call(node, scope);
    if (node instanceof as.UnaryExpression)
      return operatorOf(node) === "!" ? "bool" : this.of(node.operand, scope);
    if (node instanceof as.TernaryExpression)
      return wider(this.of(node.ifThen, scope), this.of(node.ifElse, scope));
    if (node instanceof as.BinaryExpression) return this.binary(node, scope);
    return undefined;
  }

  /** The class of an expression. */
  classOf(node: as.Node, scope: Scope): ClassSymbol | undefined {
    const type = this.of(node, scope);
    return type === undefined ? undefined : this.symbols.class(this.file, type);
  }

  private name(text: string, scope: Scope): string | undefined {
    const local = scope.find(text);
    if (local !== undefined) return local.type;
    const named = this.symbols.named(this.file, text);
    return named?.kind === "value" ? named.type : undefined;
  }

  /** What stands behind `a.b`, if `a` is a namespace or an `import * as`. */
  private inSpace(node: as.PropertyAccessExpression, scope: Scope): Named | undefined {
    const { expression, property } = node;
    if (!(expression instanceof as.IdentifierExpression) || scope.find(expression.text)) return undefined;
    const named = this.symbols.named(this.file, expression.text);
    return named?.kind === "space" ? named.names.get(property.text) : undefined;
  }

  private property(node: as.PropertyAccessExpression, scope: Scope): string | undefined {
    const named = this.inSpace(node, scope);
    if (named !== undefined) return named.kind === "value" ? named.type : undefined;
    const { expression, property } = node;
    // u64.MAX_VALUE and its like.
    if (expression instanceof as.IdentifierExpression && widthOf(expression.text)) return expression.text;
    const type = this.of(expression, scope);
    if (property.text === "length" && (type === "string" || elementOf(type) !== undefined)) return "i32";
    const owner = this.classOf(expression, scope);
    return owner && this.symbols.field(owner, property.text);
  }

  private call(node: as.CallExpression, scope: Scope): string | undefined {
    const { expression, args } = node;
    if (expression instanceof as.IdentifierExpression) {
      const named = this.symbols.named(this.file, expression.text);
      if (named?.kind === "function") return named.returns;
      if (named !== undefined || !generic.has(expression.text)) return undefined;
      const given = node.typeArguments?.[0];
      if (given !== undefined) return typeText(given);
      return args.map((each) => this.of(each, scope)).find((type) => type !== "literal");
    }
    if (!(expression instanceof as.PropertyAccessExpression)) return undefined;
    const named = this.inSpace(expression, scope);
    if (named !== undefined) return named.kind === "function" ? named.returns : undefined;
    if (expression.property.text === "charCodeAt") return "i32";
    const owner = this.classOf(expression.expression, scope);
    return owner && this.symbols.method(owner, expression.property.text);
  }

  private binary(node: as.BinaryExpression, scope: Scope): string | undefined {
    const operator = operatorOf(node);
    if (comparisons.has(operator)) return "bool";
    const left = this.of(node.left, scope);
    if (shifts.has(operator) || operator.endsWith("=")) return left;
    return wider(left, this.of(node.right, scope));
  }
}

function wider(left: string | undefined, right: string | undefined): string | undefined {
  if (left === "literal") return right;
  if (right === "literal") return left;
  const a = widthOf(left);
  const b = widthOf(right);
  if (a === undefined || b === undefined) return left === right ? left : undefined;
  return b > a ? right : left;
}
