/** `override` and `default` before a setting. */
import type * as ast from "../syntax/ast.ts";
import type { Checker } from "./checker.ts";
import type { Rank, Ranked } from "./core.ts";
import type { Place, Scope } from "./scope.ts";

const where: Readonly<Record<Place, string>> = {
  appliance: "",
  target: "",
  fragment: "in a fragment",
  test: "",
  value: "in a value",
};

/** The rank that a setting has: its own word's, else that of the block around. Undefined after a report. */
export function rankOf(written: ast.Setting, scope: Scope, checker: Checker): Rank | undefined {
  const { rank } = written;
  if (!rank) return scope.rank;
  const { place } = scope;
  if (place === "value" || (place === "fragment" && rank.word !== "default")) {
    checker.error("E0404", rank.span, {
      word: rank.word,
      where: where[place],
      fragment: place === "fragment",
    });
    return undefined;
  }
  return rank.word === "remove" ? scope.rank : rank.word;
}

/** What a definition says besides its value. */
export function ranked({ rank, head }: ast.Setting, scope: Scope): Ranked {
  return { rank: scope.rank, forced: rank?.word === "override" ? rank.span : undefined, head };
}
