/**
 * Patterns for names in a folder: `*` and `?` inside of one name, `**` across folders, `{a,b}` for alternatives. They are matched as regular expressions
 * are, in time linear in the path. A pattern that matches a folder takes in all that is in it.
 */
import { type Fault, fault, type Parsed, parsed } from "./fault.ts";
import { compileRegex, type Program } from "./regex.ts";
import { matchRegex } from "./regex-match.ts";

const MAX_LENGTH = 500;
const MAX_BRACES = 10;

export class Glob {
  readonly text: string;
  readonly #whole: Program;
  readonly #folder: Program;
  /** Names that a match has at most, not counting what is in a folder that matches. */
  readonly #depth: number;

  constructor(text: string, whole: Program, folder: Program) {
    this.text = text;
    this.#whole = whole;
    this.#folder = folder;
    this.#depth = text.includes("**") ? Number.POSITIVE_INFINITY : text.split("/").length;
  }

  /** Whether the path, or a folder that it is in, matches. */
  takes(path: string): boolean {
    return matchRegex(this.#whole, path).matched;
  }

  /** Whether everything in the folder is taken. */
  takesAllOf(folder: string): boolean {
    return matchRegex(this.#folder, folder).matched;
  }

  /** Whether something in the folder may be taken. */
  mayTakeFrom(folder: string): boolean {
    return this.#depth > folder.split("/").length || this.takesAllOf(folder);
  }
}

/** A fault's offsets count in the pattern. */
export function compileGlob(text: string): Parsed<Glob> {
  const wrong = faultOf(text);
  if (wrong) return { ok: false, fault: wrong };
  const source = translate(text);
  if (typeof source !== "string") return { ok: false, fault: source };
  const folder = text.replace(/\/\*\*?$/, "");
  const [whole, above] = [
    compiled(source),
    compiled(folder === text ? source : (translate(folder) as string)),
  ];
  return parsed(new Glob(text, whole, above));
}

function compiled(source: string): Program {
  const program = compileRegex(`^(?:${source})(?:/.*)?$`);
  if (!program.ok) throw new Error(`BUG: a pattern became \`${source}\`, which is no regular expression`);
  return program.value;
}

function faultOf(text: string): Fault | undefined {
  if (text === "") return fault("a pattern is not empty", 0, 0).fault;
  if (text.length > MAX_LENGTH)
    return fault(`a pattern has at most ${MAX_LENGTH} characters`, 0, text.length).fault;
  const start = /^(\.?\/)+/.exec(text)?.[0];
  if (start)
    return fault("patterns begin inside of the folder", 0, start.length, text.slice(start.length)).fault;
  const up = /(^|\/)\.\.?(\/|$)/.exec(text);
  if (up)
    return fault("patterns have no `.` or `..` between two `/`", up.index, up.index + up[0].length).fault;
  const end = /\/+$/.exec(text);
  if (end)
    return fault(
      "a folder is named without a `/` at the end",
      end.index,
      text.length,
      text.slice(0, end.index),
    ).fault;
  const double = text.indexOf("//");
  if (double !== -1) return fault("there is nothing between two `/`", double, double + 2).fault;
  return undefined;
}

/** The source of a regular expression, or what is wrong. */
function translate(text: string): string | Fault {
  let source = "";
  const open: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (text.startsWith("**", at)) {
      const [before, after] = [text[at - 1] ?? "/", text[at + 2] ?? ""];
      if (!"/{,".includes(before) || !"/},".includes(after))
        return fault("`**` stands alone between two `/`", at, at + 2).fault;
      source += after === "/" ? "(?:.*/)?" : ".*";
      at += after === "/" ? 2 : 1;
      continue;
    }
    switch (character) {
      case "*":
        source += "[^/]*";
        break;
      case "?":
        source += "[^/]";
        break;
      case "{":
        if (open.length >= MAX_BRACES) return fault("too many braces inside of each other", at, at + 1).fault;
        open.push(at);
        source += "(?:";
        break;
      case "}":
        if (open.pop() === undefined) return fault("no `{` belongs to this `}`", at, at + 1).fault;
        source += ")";
        break;
      case ",":
        source += open.length > 0 ? "|" : ",";
        break;
      case "[":
        return fault("there are no sets in `[…]`: write `{a,b}`, or `?` for any character", at, at + 1).fault;
      case "\\":
        return fault("folders are separated by `/`", at, at + 1).fault;
      default:
        source += /[\w/ -]|[\u0080-\uffff]/.test(character) ? character : `\\${character}`;
    }
  }
  const unclosed = open.pop();
  return unclosed === undefined ? source : fault("this `{` is not closed", unclosed, unclosed + 1).fault;
}
