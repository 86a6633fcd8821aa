/** Chevrotain's lookahead, made for a place of the grammar when a text first comes there: a description visits half of them. */
import { type ILookaheadStrategy, LLkLookaheadStrategy } from "chevrotain";

export class LateLookahead extends LLkLookaheadStrategy implements ILookaheadStrategy {
  override buildLookaheadForAlternation(
    options: Parameters<ILookaheadStrategy["buildLookaheadForAlternation"]>[0],
  ): ReturnType<ILookaheadStrategy["buildLookaheadForAlternation"]> {
    return late(() => super.buildLookaheadForAlternation(options));
  }

  override buildLookaheadForOptional(
    options: Parameters<ILookaheadStrategy["buildLookaheadForOptional"]>[0],
  ): ReturnType<ILookaheadStrategy["buildLookaheadForOptional"]> {
    return late(() => super.buildLookaheadForOptional(options));
  }
}

/** The functions are called as methods of the parser. */
function late<Args extends unknown[], T>(make: () => (...args: Args) => T): (...args: Args) => T {
  let made: ((...args: Args) => T) | undefined;
  return function (this: unknown, ...args) {
    made ??= make();
    return made.apply(this, args);
  };
}
