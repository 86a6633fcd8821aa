/** Regular expressions by their text: compiled once. The same name is looked at for each target again: short texts are matched once. */
import { compileRegex, type Program } from "../values/regex.ts";
import { type Match, matchRegex } from "../values/regex-match.ts";

const MAX_PATTERNS = 500;
const MAX_ANSWERS = 20_000;
const SHORT = 64;

interface Kept {
  readonly program: Program;
  readonly answers: Map<string, Match>;
}

const patterns = new Map<string, Kept>();
let answered = 0;

/** The pattern has been read without a fault before. */
export function matchPattern(pattern: string, text: string): Match {
  const { program, answers } = patterns.get(pattern) ?? compiled(pattern);
  const known = answers.get(text);
  if (known) return known;
  const match = matchRegex(program, text);
  if (text.length <= SHORT) keep(text, match, answers);
  return match;
}

function compiled(pattern: string): Kept {
  const found = compileRegex(pattern);
  if (!found.ok) throw new Error("BUG: a faulty pattern reached the evaluator");
  if (patterns.size >= MAX_PATTERNS) forget();
  const kept = { program: found.value, answers: new Map<string, Match>() };
  patterns.set(pattern, kept);
  return kept;
}

function keep(text: string, match: Match, answers: Map<string, Match>): void {
  if (++answered > MAX_ANSWERS) forget();
  else answers.set(text, match);
}

function forget(): void {
  patterns.clear();
  answered = 0;
}
