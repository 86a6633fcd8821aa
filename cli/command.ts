import type { z } from "zod";
import type { Terminal } from "./terminal.ts";

/** What a command is given: its positional arguments and options, and the terminal. */
export interface Call {
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly terminal: Terminal;
}

/** What a command did. `json` is printed with `--json`, `text` otherwise; both go to stdout. */
export interface Outcome<Json> {
  readonly code: number;
  readonly json: Json;
  readonly text: string;
}

/** The code of a command; `json` documents what `--json` prints and is checked before it is printed. */
export interface Command<Schema extends z.ZodType> {
  readonly json: Schema;
  run(call: Call): Promise<Outcome<z.output<Schema>>>;
}

export interface ArgumentRow {
  readonly shown: string;
  readonly kind:
    | "description"
    | "image"
    | "module"
    | "object"
    | "name"
    | "build"
    | "path"
    | "setting"
    | "library";
  /** It may be left out, and so may those behind it. */
  readonly optional?: true;
  /** It is the last, and may be given several times. */
  readonly many?: true;
}

export interface OptionRow {
  readonly flags: string;
  readonly text: string;
  /** May be given several times. */
  readonly repeated?: boolean;
}

/** One row of the command table: enough for `--help` and the manual, without loading the command's code. */
export interface CommandRow {
  readonly name: string;
  readonly args: readonly ArgumentRow[];
  readonly text: string;
  readonly options: readonly OptionRow[];
  readonly examples: readonly string[];
  load(): Promise<Command<z.ZodType>>;
}

/** Makes one command of a schema and a function, so that the two agree by type. */
export function command<Schema extends z.ZodType>(
  json: Schema,
  run: (call: Call) => Promise<Outcome<z.output<Schema>>>,
): Command<Schema> {
  return { json, run };
}
