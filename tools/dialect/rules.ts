/** What the house's AssemblyScript does without: constructs that are unsafe, that other tools refuse, or that silently do something else. */
import * as as from "assemblyscript";
import { arithmeticRules } from "./arithmetic.ts";
import type { Symbols } from "./symbols.ts";
import { typeText } from "./syntax.ts";
import type { Scope, Types } from "./types.ts";

export interface Context {
  readonly path: string;
  readonly scope: Scope;
  readonly types: Types;
  readonly symbols: Symbols;
  /** The nearest last. */
  readonly ancestors: readonly as.Node[];
  /** `core`, drivers and their doubles: memory and devices are their business. */
  readonly isTrusted: boolean;
}

export interface Rule {
  readonly name: string;
  /** The breach, in words; undefined when there is none. */
  readonly check: (node: as.Node, context: Context) => string | undefined;
}

const unsafeWords = new Set([
  "load",
  "store",
  "changetype",
  "unchecked",
  "call_indirect",
  "__new",
  "__renew",
  "__pin",
  "__unpin",
  "__alloc",
  "__free",
  "__collect",
]);
const unsafeSpaces = new Set([
  "heap",
  "memory",
  "atomic",
  "table",
  "v128",
  "i8x16",
  "i16x8",
  "i32x4",
  "i64x2",
]);
const wasmTypes = new Set(["i32", "i64", "f32", "f64"]);
const unsafeDecorators = new Set(["external", "unmanaged", "unsafe", "global", "builtin"]);
const floatTypes = new Set(["f32", "f64", "number"]);
const floatNames = new Set([
  "Math",
  "Mathf",
  "NativeMath",
  "NativeMathf",
  "parseFloat",
  "NaN",
  "Infinity",
  "F32",
  "F64",
  "Float32Array",
  "Float64Array",
]);

/** Is this name the one behind a dot, or of a declaration: no use of the global thing. */
function isOther(node: as.IdentifierExpression, ancestors: readonly as.Node[]): boolean {
  const parent = ancestors.at(-1);
  if (parent instanceof as.PropertyAccessExpression) return parent.property === node;
  if (parent instanceof as.TypeName) return false;
  return parent instanceof as.DeclarationStatement && parent.name === node;
}

function isGlobal(
  node: as.Node,
  { ancestors, scope, symbols, path }: Context,
): node is as.IdentifierExpression {
  return (
    node instanceof as.IdentifierExpression &&
    !isOther(node, ancestors) &&
    scope.find(node.text) === undefined &&
    symbols.named(path, node.text) === undefined
  );
}

const unsafe: Rule = {
  name: "unsafe",
  check(node, context) {
    if (context.isTrusted) return undefined;
    if (node instanceof as.DecoratorNode && node.name instanceof as.IdentifierExpression)
      return unsafeDecorators.has(node.name.text)
        ? `@${node.name.text}: only core and drivers may`
        : undefined;
    if (isGlobal(node, context)) {
      if (unsafeWords.has(node.text)) return `${node.text}: only core and drivers touch memory; use Bytes`;
      if (unsafeSpaces.has(node.text)) return `${node.text}.…: only core and drivers touch memory; use Bytes`;
    }
    if (!(node instanceof as.PropertyAccessExpression) || !isGlobal(node.expression, context))
      return undefined;
    const { text } = node.property;
    return wasmTypes.has(node.expression.text) && /^(?:load|store|atomic)/.test(text)
      ? `${node.expression.text}.${text}: only core and drivers touch memory; use Bytes`
      : undefined;
  },
};

const float: Rule = {
  name: "float",
  check(node, context) {
    if (node instanceof as.FloatLiteralExpression)
      return "a floating-point number: images have integers only";
    if (node instanceof as.NamedTypeNode && floatTypes.has(typeText(node) ?? ""))
      return `${typeText(node)}: images have integers only`;
    return isGlobal(node, context) && floatNames.has(node.text)
      ? `${node.text}: images have integers only`
      : undefined;
  },
};

const functionValue: Rule = {
  name: "function-value",
  check(node, { ancestors }) {
    if (node instanceof as.FunctionExpression)
      return "a function as a value: calls through tables are slow and hide who calls whom; use an abstract class";
    const parent = ancestors.at(-1);
    const isSignature = parent instanceof as.FunctionDeclaration && parent.signature === node;
    return node instanceof as.FunctionTypeNode && !isSignature
      ? "a function type: use an abstract class"
      : undefined;
  },
};

const implementing: Rule = {
  name: "implements",
  check(node) {
    return node instanceof as.ClassDeclaration && node.extendsType !== null && node.implementsTypes?.length
      ? `${node.name.text} implements an interface, perhaps by a method of its base class: asc compiles that to a trap (AssemblyScript #2968); use abstract classes`
      : undefined;
  },
};

const reexport: Rule = {
  name: "re-export",
  check(node, { path }) {
    // A double's entry is asked by tests, not through a need.
    const isDouble = /\/(?:simulation|testing)\//.test(path);
    const isNamed = node instanceof as.ExportStatement && node.path !== null && node.members !== null;
    return isNamed && !isDouble
      ? "`import * as` does not see these names behind the generated `./needs`: declare them here, or `export *`"
      : undefined;
  },
};

const heavyGlobal: Rule = {
  name: "heavy-global",
  check(node, { ancestors, path }) {
    if (!(node instanceof as.VariableDeclaration) || !path.startsWith("stdlib/core/")) return undefined;
    const isHeavy =
      node.initializer instanceof as.NewExpression || node.initializer instanceof as.CallExpression;
    return ancestors.length === 1 && isHeavy
      ? `${node.name.text} is made in every program that imports this file, used or not: make it in a function`
      : undefined;
  },
};

const privacy: Rule = {
  name: "private",
  check(node, { types, scope }) {
    if (!(node instanceof as.PropertyAccessExpression)) return undefined;
    if (node.expression instanceof as.ThisExpression) return undefined;
    const owner = types.classOf(node.expression, scope);
    return owner?.privates.has(node.property.text) && scope.self !== owner.name
      ? `${owner.name}.${node.property.text} is private, which asc does not enforce`
      : undefined;
  },
};

/** The whole dialect: each rule once. */
export const rules: readonly Rule[] = [
  unsafe,
  float,
  functionValue,
  implementing,
  reexport,
  heavyGlobal,
  privacy,
  ...arithmeticRules,
];
