/** From a row of operands and operators to a tree: `1 + 2 * 3 == 7 and ok`. */
import { join } from "../source/span.ts";
import type { BinaryOperator, Expr } from "./ast-expr.ts";
import { Misplaced } from "./messages.ts";
import { endOf, type Token } from "./tokens.ts";

/** An operand with the `not` that may stand before it. */
export interface Operand {
  readonly not: Token | undefined;
  readonly value: Expr;
}

const NOT = 3;
const RANGE = 5;
const ARITHMETIC = 6;

/** How strongly an operator binds: the order of the rules `Or` to `Mul` of the grammar. */
const binding: Readonly<Record<BinaryOperator | "..", number>> = {
  or: 1,
  and: 2,
  "==": 4,
  "!=": 4,
  "<": 4,
  "<=": 4,
  ">": 4,
  ">=": 4,
  in: 4,
  matches: 4,
  is: 4,
  "..": RANGE,
  "+": ARITHMETIC,
  "++": ARITHMETIC,
  "-": ARITHMETIC,
  "*": 7,
  "/": 7,
  "%": 7,
};

/** The operator may stand in a range: all that a type's `in` takes. */
export function isArithmetic(token: Token): boolean {
  const strength = binding[token.image as BinaryOperator];
  return strength !== undefined && strength >= RANGE;
}

/** `operators[n]` stands between `operands[n]` and `operands[n + 1]`. */
export function tree(operands: readonly Operand[], operators: readonly Token[]): Expr {
  let at = 0;
  const strength = () => (at < operators.length ? binding[operators[at]!.image as BinaryOperator] : 0);

  const operand = (weakest: number, negated: boolean): Expr => {
    const { not, value } = operands[at]!;
    if (!not || negated) return value;
    if (weakest > NOT)
      throw new Misplaced({ token: not, expected: "a value", help: "put `not …` in parentheses" });
    const inner = climb(NOT + 1, true);
    const span = { ...inner.span, start: not.startOffset };
    return { kind: "unary", span, operator: "not", operand: inner };
  };

  const climb = (weakest: number, negated = false): Expr => {
    let left = operand(weakest, negated);
    while (strength() >= weakest && strength() > 0) {
      const operator = operators[at]!;
      const bound = strength();
      at++;
      const right = climb(bound + 1);
      if (bound === RANGE && strength() === RANGE)
        throw new Misplaced({
          token: operators[at]!,
          expected: "the end of the range",
          help: "a range has two ends: `1..5`",
        });
      left = combine(operator, left, right);
    }
    return left;
  };
  return climb(1);
}

function combine(token: Token, left: Expr, right: Expr): Expr {
  const span = join(left.span, right.span);
  if (token.image === "..") return { kind: "range", span, low: left, high: right };
  const operatorSpan = { source: span.source, start: token.startOffset, end: endOf(token) };
  return { kind: "binary", span, operator: token.image as BinaryOperator, operatorSpan, left, right };
}
