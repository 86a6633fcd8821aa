/** Regular expressions by their text: compiled once. */
import { compileRegex, type Program } from "../values/regex.ts";
import { type Match, matchRegex } from "../values/regex-match.ts";

const MAX_KEPT = 500;
const programs = new Map<string, Program>();

/** The pattern has been read without a fault before. */
export function matchPattern(pattern: string, text: string): Match {
  let program = programs.get(pattern);
  if (!program) {
    const compiled = compileRegex(pattern);
    if (!compiled.ok) throw new Error("BUG: a faulty pattern reached the evaluator");
    program = compiled.value;
    if (programs.size >= MAX_KEPT) programs.clear();
    programs.set(pattern, program);
  }
  return matchRegex(program, text);
}
