/** What all rules of the grammar use: places, documentation, going on after a fault. */
import { EmbeddedActionsParser, isRecognitionException, type ParserMethod, type TokenType } from "chevrotain";
import { diagnose } from "../diagnostics/catalog.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Span } from "../source/span.ts";
import { SourceText } from "../source/text.ts";
import type { ErrorNode, Name } from "./ast.ts";
import { LateLookahead } from "./lookahead.ts";
import { type Fault, Misplaced, messages } from "./messages.ts";
import { Comma, endOf, isA, LeftBrace, NameToken, Semicolon, type Token, vocabulary } from "./tokens.ts";

export type Rule<T, Args extends unknown[] = []> = ParserMethod<Args, T>;

/**
 * What may not follow an expression because something else begins there: the body of a `when` or `for`, the colon of a
 * comprehension.
 */
export type Stop = "body" | "colon" | undefined;

/** Deepest nesting of blocks, expressions and types. */
export const MAX_DEPTH = 64;
/** Highest tree that one expression may have; a chain of operators or fields counts with each of its links. */
const MAX_HEIGHT = 400;

/** After so many faults the rest of a block is skipped: nobody reads on, and the time stays in proportion. */
const MAX_FAULTS = 100;

/** Nested or chained deeper than the limits. */
class TooDeep extends Error {
  readonly limit: number;
  readonly token: Token;
  constructor(limit: number, token: Token) {
    super("too deep");
    this.limit = limit;
    this.token = token;
  }
}

export interface Parsed<T> {
  readonly value: T;
  readonly faults: readonly Fault[];
  /** Faults within literals, and what goes beyond the limits. */
  readonly found: readonly Diagnostic[];
}

/** Where an item may end: at the bracket that closes the body, or at the next declaration of the file. */
interface Scope {
  /** Index of the closing bracket; the number of tokens in the file itself. */
  readonly close: number;
  /** An item may begin at the token. */
  readonly begins: (token: Token) => boolean;
  /** Items on one line are usual, with separators between them. */
  readonly inline: boolean;
}

export abstract class GrammarBase extends EmbeddedActionsParser {
  protected source = new SourceText("", "");
  protected tokens: readonly Token[] = [];
  protected found: Diagnostic[] = [];
  /** Where the tokens end: the token behind the last one has no offset. */
  private end = 0;
  private faults: Fault[] = [];
  private scope: Scope = { close: 0, begins: () => false, inline: false };
  private failures = 0;
  private depth = 0;
  private height = 0;

  /** With `validate`, chevrotain looks for ambiguities in the grammar: a test does, nobody else should wait for it. */
  constructor(validate: boolean) {
    super([...vocabulary], {
      lookaheadStrategy: new LateLookahead({ maxLookahead: 2 }),
      maxLookahead: 2,
      recoveryEnabled: false,
      skipValidations: !validate,
      errorMessageProvider: messages,
    });
  }

  /** Defines a rule; the arguments are optional because the grammar is read once without any. */
  protected rule<T, Args extends unknown[] = []>(name: string, parse: (...args: Args) => T): Rule<T, Args> {
    return this.RULE(name, parse as (...args: unknown[]) => T) as Rule<T, Args>;
  }

  /** Parses the tokens by a rule. What is wrong with them is in the result; nothing is thrown for it. */
  protected run<T>(source: SourceText, tokens: readonly Token[], end: number, rule: () => T): Parsed<T> {
    this.end = end;
    this.source = source;
    this.tokens = tokens;
    this.faults = [];
    this.found = [];
    this.failures = 0;
    this.depth = 0;
    this.height = 0;
    this.input = [...tokens];
    const value = rule();
    const recognised = this.errors.map(
      ({ token, message }): Fault => ({ token: token as Token, expected: message }),
    );
    return { value, faults: [...recognised, ...this.faults], found: this.found };
  }

  // ---------------------------------------------------------------------------------------------- places

  protected next(ahead = 1): Token {
    return this.LA(ahead) as Token;
  }

  protected previous(): Token {
    return this.LA(0) as Token;
  }

  protected is(ahead: number, ...types: TokenType[]): boolean {
    const token = this.LA(ahead);
    return types.some((type) => isA(token, type));
  }

  /** From a token to the last one consumed. */
  protected since(first: Token): Span {
    const { start } = this.at(first);
    return { source: this.source.path, start, end: Math.max(start, this.at(this.previous()).end) };
  }

  protected at(token: Token): Span {
    const { startOffset } = token;
    if (Number.isNaN(startOffset)) return { source: this.source.path, start: this.end, end: this.end };
    return { source: this.source.path, start: startOffset, end: endOf(token) };
  }

  /** Consumes a name; `what` tells what it is the name of. */
  protected name(occurrence: number, what: string): Name {
    if (this.next().declares) this.misplaced(this.next(), what);
    const token = this.consume(occurrence, NameToken, { ERR_MSG: what }) as Token;
    return this.ACTION(() => ({ kind: "identifier", span: this.at(token), text: token.image }));
  }

  /** The documentation of an item that has just been read: above it, behind the brace that opens it, behind it. */
  protected doc(first: Token): string | undefined {
    const last = this.previous();
    let open = first;
    while (open.index < last.index && !this.tokens[open.index + 1]!.leads)
      open = this.tokens[open.index + 1]!;
    const within =
      open.tokenType === LeftBrace && open.close === last.index && open !== last ? open.docBehind : undefined;
    const lines = [first.docBefore, within, last.docBehind].filter((it) => it !== undefined);
    return lines.length > 0 ? lines.join("\n") : undefined;
  }

  // ---------------------------------------------------------------------------------------------- limits

  /** Counts one level of nesting around `parse`. */
  protected nested<T>(parse: () => T): T {
    if (++this.depth > MAX_DEPTH) throw new TooDeep(MAX_DEPTH, this.next());
    try {
      return parse();
    } finally {
      this.depth--;
    }
  }

  /** Measures the tree that `parse` makes, `links` being what it puts on top of its highest part. */
  protected measured<T>(parse: () => readonly [value: T, links: number]): T {
    const first = this.next();
    const beside = this.height;
    this.height = 0;
    const [value, links] = parse();
    this.height = Math.max(beside, this.height + links);
    if (this.height > MAX_HEIGHT) throw new TooDeep(MAX_HEIGHT, first);
    return value;
  }

  // ---------------------------------------------------------------------------------------------- faults

  /** Gives up the item: at `token` something else was expected. */
  protected misplaced(token: Token, expected: string): never {
    throw new Misplaced({ token, expected });
  }

  /** Notes what is wrong, and goes on as if it were right. */
  protected note(fault: Fault): void {
    this.faults.push(fault);
  }

  /** After `name:` at the end of a line, as in YAML: skips the lines below that stand further to the right than the one of the name. */
  protected skipDeeper(colon: Token): ErrorNode | undefined {
    if (!this.next().leads && this.next().index < this.scope.close) return undefined;
    let line = colon.index;
    while (line > 0 && !this.tokens[line]!.leads) line--;
    const { indent } = this.tokens[line]!;
    const deeper = (token: Token) =>
      token.index < this.scope.close && (!token.leads || token.indent > indent);
    while (deeper(this.next())) this.SKIP_TOKEN();
    return { kind: "error", span: this.since(colon) };
  }

  /** Reads items up to the bracket with the index `close`. */
  protected within<T>(scope: Scope, parse: () => T): T {
    const outer = this.scope;
    this.scope = scope;
    try {
      return parse();
    } finally {
      this.scope = outer;
    }
  }

  /** Reads one item; if that fails, skips to where the next one may begin. */
  protected guarded<T>(parse: () => T, first: Token = this.next()): T | ErrorNode {
    const { scope, depth } = this;
    try {
      return parse();
    } catch (error) {
      if (error instanceof TooDeep && Number.isFinite(scope.close) && scope.close < this.tokens.length)
        throw error;
      if (error instanceof TooDeep)
        this.found.push(diagnose("E0011", this.at(error.token), { limit: error.limit }));
      else if (error instanceof Misplaced) this.faults.push(error.fault);
      else if (!isRecognitionException(error as Error)) throw error;
      this.depth = depth;
      return this.skip(first);
    }
  }

  /** What stands in the body is no item at all: notes it and skips; false at the end of the body. */
  protected stray(fault: (token: Token) => Fault): ErrorNode | undefined {
    const token = this.next();
    if (this.RECORDING_PHASE || !(token.index < this.scope.close)) return undefined;
    this.faults.push({ ...fault(token), stray: true });
    return this.skip(token);
  }

  /** From the first token of an item over whole brackets to the next place behind the fault where an item may begin. */
  private skip(first: Token): ErrorNode {
    const { close, begins, inline } = this.scope;
    const hopeless = ++this.failures > MAX_FAULTS;
    const fault = this.next().index ?? this.tokens.length;
    let index = first.index;
    for (let step = index; index < close; index = step) {
      const token = this.tokens[index]!;
      if (index > first.index && index >= fault && !hopeless) {
        if (begins(token) || (inline && separates(token))) break;
        if (inline && index > fault && separates(this.tokens[index - 1]!)) break;
      }
      step = (token.close ?? index) + 1;
    }
    while (this.next().index < index) this.SKIP_TOKEN();
    return { kind: "error", span: this.since(first) };
  }
}

function separates(token: Token): boolean {
  return token.tokenType === Comma || token.tokenType === Semicolon;
}
