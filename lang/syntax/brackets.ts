/**
 * Brackets, made to balance before anything is parsed.
 *
 * A declaration at column 1 ends every open block, so a missing bracket is a matter of one declaration. Within it, if the brackets do
 * not balance, the indentation tells which one was forgotten: what a block contains stands further right than the line that opens it.
 * The missing brackets are invented and the stray ones dropped, so the parser never sees the fault.
 */

import {
  Add,
  Assign,
  closerOf,
  Dot,
  LeftBrace,
  LeftBracket,
  openerOf,
  RightBrace,
  To,
  type Token,
  W,
} from "./tokens.ts";
import { declarations } from "./words.ts";

export type Repair =
  /** `opener` has no partner: one is put before the token at `before`. */
  | { readonly kind: "close"; readonly opener: Open; readonly before: number; readonly evidence: Evidence }
  /** The closing brace at `closer` has no partner: one is put behind the token at `after`. */
  | { readonly kind: "open"; readonly closer: number; readonly after: number }
  | { readonly kind: "drop"; readonly closer: number };

export interface Open {
  readonly token: Token;
  readonly index: number;
  /** Of the line on which it stands. */
  readonly indent: number;
  /** The first token of that line. */
  readonly head: Token;
}

export type Evidence =
  /** A line that does not stand further right than the line of the opener, or a closing bracket further left. */
  | { readonly kind: "indentation"; readonly sibling: Open | undefined }
  /** A closing bracket of another kind. */
  | { readonly kind: "mismatch" }
  /** The declaration ends. */
  | { readonly kind: "end" };

/** What is needed for the brackets to balance; nothing if they do. */
export function repairs(tokens: readonly Token[]): Repair[] {
  return chunks(tokens).flatMap(([from, to]) => {
    const plain = repair(tokens, from, to, 0);
    if (plain.length === 0) return [];
    const indented = repair(tokens, from, to, plain.length);
    return indented.length <= plain.length ? indented : plain;
  });
}

/** The tokens with the repairs made, each opening bracket knowing its partner. */
export function balance(tokens: readonly Token[], made: readonly Repair[]): Token[] {
  const result = made.length === 0 ? tokens.slice() : apply(tokens, made);
  if (link(result)) return result;
  const again = apply(result, repair(result, 0, result.length, 0)); // two repairs got in each other's way
  if (!link(again)) throw new Error("BUG: brackets do not balance after repair");
  return again;
}

// ------------------------------------------------------------------------------------------------ declarations

const declarationTypes = new Set(declarations.map((word) => W[word]));
/** A soft word before one of these is the name of a setting. */
const settingMarks = new Set([Assign, Add, Dot, To, LeftBracket]);
const plainWords = new Set([W.let, W.fn, W.type, W.secret, W.param, W.test]);

/** The token begins a declaration at column 1. */
function startsDeclaration(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index]!;
  if (!token.leads || token.indent > 0 || !declarationTypes.has(token.tokenType)) return false;
  const next = tokens[index + 1];
  return plainWords.has(token.tokenType) || !next || !settingMarks.has(next.tokenType);
}

/** Ranges of tokens that each begin with a declaration. A `let` at column 1 may stand in a body as long as all balances. */
function chunks(tokens: readonly Token[]): (readonly [number, number])[] {
  const starts = [0];
  for (let index = 1; index < tokens.length; index++)
    if (startsDeclaration(tokens, index)) starts.push(index);
  const result: (readonly [number, number])[] = [];
  for (let n = 0; n < starts.length; ) {
    let next = n + 1;
    while (next < starts.length && tokens[starts[next]!]!.tokenType === W.let) next++;
    const end = starts[next] ?? tokens.length;
    const whole =
      next > n + 1 && !balances(tokens, starts[n]!, starts[n + 1]!) && balances(tokens, starts[n]!, end);
    result.push(whole ? [starts[n]!, end] : [starts[n]!, starts[n + 1] ?? tokens.length]);
    n = whole ? next : n + 1;
  }
  return result;
}

function balances(tokens: readonly Token[], from: number, to: number): boolean {
  return repair(tokens, from, to, 0).length === 0;
}

// ------------------------------------------------------------------------------------------------ finding the fault

/** `budget`: how many brackets may be closed because of the indentation alone. */
function repair(tokens: readonly Token[], from: number, to: number, budget: number): Repair[] {
  const made: Repair[] = [];
  const stack: Open[] = [];
  let surplus = budget > 0 ? excess(tokens, from, to) : 0;
  let left = budget;
  let head = tokens[from]!;
  const close = (before: number, evidence: Evidence) =>
    made.push({ kind: "close", opener: stack.pop()!, before, evidence });

  const outdent = (index: number) => {
    const token = tokens[index]!;
    const closes = openerOf.has(token.tokenType);
    for (let top = stack.at(-1); top && left > 0; top = stack.at(-1)) {
      const beside = closes ? top.indent > token.indent : top.indent >= token.indent;
      if (!beside || top.token.line === token.line) return;
      left--;
      close(index, { kind: "indentation", sibling: stack.findLast((open) => open.indent === token.indent) });
    }
  };
  const isStray = (token: Token): boolean => {
    const top = stack.at(-1);
    if (surplus <= 0 || token.tokenType !== RightBrace) return false;
    if (top?.token.line === token.line) return top.token.tokenType !== LeftBrace;
    return !top || !token.leads || top.indent < token.indent;
  };
  const closer = (index: number) => {
    const token = tokens[index]!;
    const opener = openerOf.get(token.tokenType);
    const partner = isStray(token) ? -1 : stack.findLastIndex((open) => open.token.tokenType === opener);
    if (partner < 0) {
      surplus--;
      made.push(stray(tokens, from, index));
    } else {
      while (stack.length > partner + 1) close(index, { kind: "mismatch" });
      stack.pop();
    }
  };

  for (let index = from; index < to; index++) {
    const token = tokens[index]!;
    if (token.leads) {
      head = token;
      outdent(index);
    }
    if (closerOf.has(token.tokenType)) stack.push({ token, index, indent: head.indent, head });
    else if (openerOf.has(token.tokenType)) closer(index);
  }
  while (stack.length > 0) close(to, { kind: "end" });
  return made;
}

/** How many more braces close than open. */
function excess(tokens: readonly Token[], from: number, to: number): number {
  let count = 0;
  for (let index = from; index < to; index++) {
    if (tokens[index]!.tokenType === RightBrace) count++;
    else if (tokens[index]!.tokenType === LeftBrace) count--;
  }
  return count;
}

/** A line of the same indentation with deeper ones below it lacks its brace; if there is none, the closing one is too many. */
function stray(tokens: readonly Token[], from: number, closer: number): Repair {
  const { leads, indent, tokenType } = tokens[closer]!;
  if (!leads || tokenType !== RightBrace) return { kind: "drop", closer };
  let deeper = false;
  let end = closer - 1; // the last token of the line looked at
  for (let index = closer - 1; index >= from; index--) {
    const token = tokens[index]!;
    if (!token.leads) continue;
    if (token.indent <= indent) {
      const fits =
        token.indent === indent &&
        deeper &&
        !openerOf.has(token.tokenType) &&
        !closerOf.has(tokens[end]!.tokenType);
      return fits ? { kind: "open", closer, after: end } : { kind: "drop", closer };
    }
    deeper = true;
    end = index - 1;
  }
  return { kind: "drop", closer };
}

// ------------------------------------------------------------------------------------------------ mending it

function apply(tokens: readonly Token[], made: readonly Repair[]): Token[] {
  const before = new Map<number, Token[]>();
  const dropped = new Set<number>();
  const invent = (index: number, type: Token["tokenType"]) => {
    const beside = tokens[index - 1] ?? tokens[index]!;
    const token: Token = {
      image: "",
      startOffset: beside === tokens[index] ? beside.startOffset : beside.startOffset + beside.image.length,
      tokenType: type,
      tokenTypeIdx: type.tokenTypeIdx!,
      index: 0,
      line: beside.line,
      leads: false,
      indent: 0,
      invented: true,
    };
    const there = before.get(index);
    if (there) there.push(token);
    else before.set(index, [token]);
  };
  for (const it of made) {
    if (it.kind === "close") invent(it.before, closerOf.get(it.opener.token.tokenType)!);
    else if (it.kind === "open") invent(it.after + 1, LeftBrace);
    else dropped.add(it.closer);
  }
  const result: Token[] = [];
  for (let index = 0; index <= tokens.length; index++) {
    result.push(...(before.get(index) ?? []));
    const token = tokens[index];
    if (token && !dropped.has(index)) result.push(token);
    else if (token && tokens[index + 1]) tokens[index + 1]!.dropped = token;
  }
  return result;
}

/** Tells each token its place and each opening bracket its partner; false if one has none. */
function link(tokens: readonly Token[]): boolean {
  const stack: Token[] = [];
  for (const [index, token] of tokens.entries()) {
    token.index = index;
    if (startsDeclaration(tokens, index)) token.declares = true;
    if (closerOf.has(token.tokenType)) stack.push(token);
    else if (openerOf.has(token.tokenType)) {
      const open = stack.pop();
      if (open?.tokenType !== openerOf.get(token.tokenType)) return false;
      open!.close = index;
    }
  }
  return stack.length === 0;
}
