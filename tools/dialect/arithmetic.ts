/** Integers that silently become others: narrow arithmetic, mixed signs, shifts that are too far. */
import * as as from "assemblyscript";
import type { Context, Rule } from "./rules.ts";
import { operatorOf } from "./syntax.ts";
import { isSigned, isSmall, widthOf } from "./types.ts";

const growing = new Set(["+", "-", "*", "<<", "**"]);
const withSign = new Set(["+", "-", "*", "/", "%", "&", "|", "^"]);

function stripped(node: as.Node): as.Node {
  return node instanceof as.ParenthesizedExpression ? stripped(node.expression) : node;
}

/** Does a cast stand directly around it? Then its type is what somebody chose. */
function isCast(ancestors: readonly as.Node[]): boolean {
  const parent = ancestors.findLast((each) => !(each instanceof as.ParenthesizedExpression));
  return parent instanceof as.AssertionExpression && parent.toType !== null;
}

/** A value on its way into a place of a type: `let x: u64 = …`, `x = …`. */
function assigned(
  node: as.Node,
  { types, scope }: Context,
): { to: string | undefined; value: as.Node } | undefined {
  if (node instanceof as.VariableDeclaration && node.initializer !== null && node.type !== null)
    return { to: scope.find(node.name.text)?.type, value: stripped(node.initializer) };
  if (node instanceof as.BinaryExpression && operatorOf(node) === "=")
    return { to: types.of(node.left, scope), value: stripped(node.right) };
  return undefined;
}

const narrow: Rule = {
  name: "narrow-arithmetic",
  check(node, { types, scope, ancestors }) {
    const why = "wraps at that width: cast to u32 first, or cast the result";
    if (node instanceof as.UnaryExpression && ["++", "--", "-", "~"].includes(operatorOf(node))) {
      const type = types.of(node.operand, scope);
      return isSmall(type) && !isCast(ancestors) ? `${operatorOf(node)} on ${type} ${why}` : undefined;
    }
    if (!(node instanceof as.BinaryExpression)) return undefined;
    const operator = operatorOf(node);
    const plain = operator.endsWith("=") ? operator.slice(0, -1) : operator;
    if (!growing.has(plain) || isCast(ancestors)) return undefined;
    const left = types.of(node.left, scope);
    const right = types.of(node.right, scope);
    const isNarrow =
      plain === "<<"
        ? isSmall(left)
        : (isSmall(left) && (isSmall(right) || right === "literal")) ||
          (left === "literal" && isSmall(right));
    return isNarrow ? `${operator} on ${isSmall(left) ? left : right} ${why}` : undefined;
  },
};

const mixedSigns: Rule = {
  name: "mixed-signs",
  check(node, { types, scope }) {
    if (!(node instanceof as.BinaryExpression) || !["==", "!=", "===", "!=="].includes(operatorOf(node)))
      return undefined;
    const left = types.of(node.left, scope);
    const right = types.of(node.right, scope);
    if (left === undefined || right === undefined || !widthOf(left) || !widthOf(right)) return undefined;
    return isSigned(left) !== isSigned(right) && Math.max(widthOf(left)!, widthOf(right)!) >= 32
      ? `${left} ${operatorOf(node)} ${right}: asc compares the bits; cast one`
      : undefined;
  },
};

const farShift: Rule = {
  name: "far-shift",
  check(node, { types, scope }) {
    if (
      !(node instanceof as.BinaryExpression) ||
      !["<<", ">>", ">>>", "<<=", ">>="].includes(operatorOf(node))
    )
      return undefined;
    const width = widthOf(types.of(node.left, scope));
    const by = stripped(node.right);
    if (width === undefined || width < 32 || !(by instanceof as.IntegerLiteralExpression)) return undefined;
    const count = Number(by.value.toString());
    return count >= width ? `a shift by ${count} of ${width} bits is a shift by ${count % width}` : undefined;
  },
};

/** `let x: u64 = a << 40` with `a: u32` shifts 32 bits, and widens what is left. */
const lateWidening: Rule = {
  name: "late-widening",
  check(node, context) {
    const { types, scope } = context;
    const isWide = (type: string | undefined) => widthOf(type) === 64;
    const isNarrow = (value: as.Node) => {
      const inner = stripped(value);
      const grows = inner instanceof as.BinaryExpression && ["<<", "*"].includes(operatorOf(inner));
      return grows && (widthOf(types.of(inner, scope)) ?? 64) < 64;
    };
    const message = "is computed in 32 bits and widened after: cast an operand to u64";
    const move = assigned(node, context);
    if (move !== undefined) return isWide(move.to) && isNarrow(move.value) ? `this ${message}` : undefined;
    if (!(node instanceof as.BinaryExpression) || !withSign.has(operatorOf(node))) return undefined;
    const { left, right } = node;
    const isLate =
      (isWide(types.of(left, scope)) && isNarrow(right)) ||
      (isWide(types.of(right, scope)) && isNarrow(left));
    return isLate ? `one side ${message}` : undefined;
  },
};

/** i32 into u64 repeats the sign bit: -1 becomes 2^64 - 1. */
const signExtension: Rule = {
  name: "sign-extension",
  check(node, context) {
    const { types, scope } = context;
    const extends_ = (to: string | undefined, value: as.Node) => {
      const from = types.of(value, scope);
      return to === "u64" && from !== undefined && isSigned(from) && (widthOf(from) ?? 64) < 64;
    };
    const message = "a signed number becomes u64 with its sign repeated: cast to u32 first";
    const move = assigned(node, context);
    if (move !== undefined) return extends_(move.to, move.value) ? message : undefined;
    if (!(node instanceof as.BinaryExpression) || !withSign.has(operatorOf(node))) return undefined;
    const { left, right } = node;
    return extends_(types.of(left, scope), right) || extends_(types.of(right, scope), left)
      ? message
      : undefined;
  },
};

/** `n >= 0` with unsigned `n`: always true, and a loop that counts down never ends. */
const neverNegative: Rule = {
  name: "never-negative",
  check(node, { types, scope }) {
    if (!(node instanceof as.BinaryExpression)) return undefined;
    const operator = operatorOf(node);
    const isZero = (each: as.Node) =>
      each instanceof as.IntegerLiteralExpression && each.value.toString() === "0";
    const isUnsigned = (each: as.Node) => {
      const type = types.of(each, scope);
      return type !== undefined && widthOf(type) !== undefined && !isSigned(type);
    };
    const isAlways =
      ([">=", "<"].includes(operator) && isZero(node.right) && isUnsigned(node.left)) ||
      (["<=", ">"].includes(operator) && isZero(node.left) && isUnsigned(node.right));
    return isAlways ? "an unsigned number is never below zero" : undefined;
  },
};

export const arithmeticRules: readonly Rule[] = [
  narrow,
  mixedSigns,
  farShift,
  lateWidening,
  signExtension,
  neverNegative,
];
