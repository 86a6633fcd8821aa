/** What a call wants, while its arguments are written. */
import type * as ast from "../syntax/ast.ts";
import type { Analysis } from "./analysis.ts";

export interface Signature {
  /** `cidr.subnets(Cidr, Int) -> List<Cidr>` */
  readonly text: string;
  readonly docs: string | undefined;
  /** Of each parameter, in `text`. */
  readonly params: readonly (readonly [start: number, end: number])[];
  /** Which of them is being written, from 0. */
  readonly active: number;
}

const PROBE = "applProbe";

/** `imagine` checks the description with another text in the place of the file. */
export function signatureAt(
  source: string,
  text: string,
  offset: number,
  imagine: (text: string) => Analysis,
): Signature | undefined {
  const probed = imagine(text.slice(0, offset) + PROBE + text.slice(offset));
  const calls = probed.facts
    .of("call", source)
    .filter(({ expr }) => expr.callee.span.end < offset && offset + PROBE.length <= expr.span.end);
  const call = calls.toSorted((a, b) => b.expr.span.start - a.expr.span.start)[0];
  if (!call) return undefined;
  return {
    text: call.signature,
    docs: call.docs,
    params: paramsIn(call.signature),
    active: activeIn(call.expr, offset),
  };
}

const activeIn = ({ args }: ast.CallExpr, offset: number): number =>
  args.filter(({ span }) => span.end < offset).length;

/** The parts between the first parentheses, at their own commas. */
function paramsIn(signature: string): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  let depth = 0;
  let start = signature.indexOf("(") + 1;
  for (let at = start; at < signature.length; at++) {
    const character = signature[at]!;
    if (depth === 0 && (character === "," || character === ")")) {
      if (at > start) found.push([start, at]);
      if (character === ")") break;
      start = at + 2;
    } else if ("(<[{".includes(character)) depth++;
    else if (")>]}".includes(character)) depth--;
  }
  return found;
}
