/**
 * The WebAssembly specification's test suite, as `wast2json` of wabt writes it, in a form that any engine can run: modules, each
 * with the steps that are done to an instance of it, and modules that must be refused. What cannot be run says why.
 * For tests. Files are read through `SpecFiles`; this clone may not have them.
 */
import { parseModule } from "../decode.ts";
import type { Module } from "../module.ts";
import type { ValueType } from "../types.ts";

export interface SpecFiles {
  /** Names of the `.json` files, sorted. */
  readonly names: readonly string[];
  read(name: string): Uint8Array;
}

export interface SpecFile {
  readonly name: string;
  readonly modules: readonly SpecModule[];
  readonly refusals: readonly Refusal[];
}

/** A valid module and what happens to one instance of it, in order. */
export interface SpecModule {
  readonly file: string;
  readonly line: number;
  readonly bytes: Uint8Array;
  readonly module: Module;
  /** Instantiation ends in a trap with this text. */
  readonly trapsAtStart: string | undefined;
  /** Why the module cannot be run at all, e.g. it imports another module. */
  readonly skip: string | undefined;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly line: number;
  readonly action: {
    readonly kind: "invoke" | "get";
    readonly field: string;
    readonly args: readonly SpecValue[];
  };
  readonly expect:
    | { readonly kind: "return"; readonly values: readonly SpecValue[] }
    /** `text` is one of `trapCodes`, or its beginning; `exhaustion` is unbounded recursion. */
    | { readonly kind: "trap" | "exhaustion"; readonly text: string };
  /** Why this step cannot be run; the others can. */
  readonly skip: string | undefined;
}

/**
 * Numbers as their bits, sign-extended; references 0 for null, else 1 + the number in the script. A result may also be any of the values that have
 * no number: `canonical` ones have only the highest bit of the fraction, `arithmetic` ones at least that.
 */
export interface SpecValue {
  readonly type: ValueType;
  readonly value: bigint | "nan:canonical" | "nan:arithmetic";
}

/** Are these, extended in whatever way, what was wanted? Which function a reference means is not compared. */
export const areValues = (wanted: readonly SpecValue[], got: readonly bigint[]): boolean =>
  got.length === wanted.length && got.every((value, n) => isValue(wanted[n]!, value));

function isValue({ type, value }: SpecValue, got: bigint): boolean {
  if (type === "funcref") return (got === 0n) === (value === 0n);
  if (type === "externref") return got === value;
  const width = type === "i32" || type === "f32" ? 32 : 64;
  if (typeof value === "bigint") return BigInt.asIntN(width, got) === value;
  const canonical = width === 32 ? 0x7fc0_0000n : 0x7ff8_0000_0000_0000n;
  const positive = BigInt.asUintN(width - 1, got);
  return value === "nan:canonical" ? positive === canonical : (positive & canonical) === canonical;
}

/** A module that the decoder or the validator must refuse. */
export interface Refusal {
  readonly file: string;
  readonly line: number;
  readonly kind: "malformed" | "invalid";
  readonly text: string;
  readonly bytes: Uint8Array;
}

/** What the suite's host module `spectest` has; functions print and give nothing. */
export const spectest = {
  functions: ["print", "print_i32", "print_i64", "print_f32", "print_f64", "print_i32_f32", "print_f64_f64"],
  globals: {
    global_i32: 666n,
    global_i64: 666n,
    global_f32: 0x4426_a666n,
    global_f64: 0x4084_d4cc_cccc_cccdn,
  } as Readonly<Record<string, bigint>>,
  table: { min: 10, max: 20 },
  memory: { min: 1, max: 2 },
} as const;

/** What an instance gets of `spectest`; its functions do nothing. */
export const spectestHost = {
  global: (name: string): bigint => spectest.globals[name.replace("spectest.", "")] ?? 0n,
  memory: spectest.memory,
  table: spectest.table,
};

/** Reads one file of the suite. */
export function readSpec(files: SpecFiles, name: string): SpecFile {
  const { commands } = JSON.parse(new TextDecoder().decode(files.read(name))) as { commands: Command[] };
  const collector = new Collector(name.replace(/\.json$/, ""), files);
  for (const command of commands) collector.take(command);
  return { name: collector.file, modules: collector.modules, refusals: collector.refusals };
}

interface Command {
  type: string;
  line: number;
  name?: string;
  as?: string;
  filename?: string;
  text?: string;
  module_type?: string;
  action?: { type: "invoke" | "get"; field: string; module?: string; args?: RawValue[] };
  expected?: RawValue[];
}
interface RawValue {
  type: ValueType;
  value?: string;
}

interface Growing extends SpecModule {
  readonly steps: Step[];
  /** Why the steps from here on cannot be run: something has changed the instance that we do not run. */
  lost: string | undefined;
}

class Collector {
  readonly file: string;
  readonly modules: Growing[] = [];
  readonly refusals: Refusal[] = [];
  readonly #files: SpecFiles;
  readonly #named = new Map<string, Growing>();
  readonly #registered = new Map<string, Growing>();
  #current: Growing | undefined;

  constructor(file: string, files: SpecFiles) {
    this.file = file;
    this.#files = files;
  }

  take(command: Command): void {
    const { type, line, action } = command;
    if (type === "module") {
      this.#current = this.#module(command, undefined);
      if (command.name !== undefined) this.#named.set(command.name, this.#current);
    } else if (type === "register") {
      const target = command.name === undefined ? this.#current : this.#named.get(command.name);
      if (target) this.#registered.set(command.as!, target);
    } else if (type === "assert_uninstantiable") this.#module(command, command.text);
    else if (type === "assert_malformed" || type === "assert_invalid") this.#refusal(command);
    else if (action !== undefined) {
      const target = action.module === undefined ? this.#current : this.#named.get(action.module);
      target?.steps.push(step(target, command, line, action));
    }
    // `assert_unlinkable` is about several modules at once.
  }

  #module({ line, filename }: Command, trapsAtStart: string | undefined): Growing {
    const bytes = this.#files.read(filename!);
    const module = parseModule(bytes);
    const skip = whySkip(module);
    const made = {
      file: this.file,
      line,
      bytes,
      module,
      trapsAtStart,
      skip,
      steps: [],
      lost: undefined,
    };
    for (const { module: from } of module.imports) {
      const exporter = this.#registered.get(from);
      if (exporter) exporter.lost = "shared with another module";
    }
    this.modules.push(made);
    return made;
  }

  #refusal({ type, line, filename, text, module_type }: Command): void {
    if (module_type !== "binary") return; // malformed text is the business of a reader of text
    const kind = type === "assert_malformed" ? "malformed" : "invalid";
    this.refusals.push({ file: this.file, line, kind, text: text!, bytes: this.#files.read(filename!) });
  }
}

function whySkip({ imports }: Module): string | undefined {
  const foreign = imports.some((item) => item.module !== "spectest" || !offered(item.name, item.kind));
  return foreign ? "imports another module" : undefined;
}

function offered(name: string, kind: string): boolean {
  if (kind === "func") return (spectest.functions as readonly string[]).includes(name);
  if (kind === "global") return name in spectest.globals;
  return name === kind;
}

function step(target: Growing, command: Command, line: number, action: NonNullable<Command["action"]>): Step {
  const args = (action.args ?? []).map(value);
  const values = command.type === "assert_return" ? (command.expected ?? []).map(value) : [];
  const text = command.text ?? "";
  const expect: Step["expect"] =
    command.type === "assert_trap"
      ? { kind: "trap", text }
      : command.type === "assert_exhaustion"
        ? { kind: "exhaustion", text }
        : { kind: "return", values };
  return { line, action: { kind: action.type, field: action.field, args }, expect, skip: target.lost };
}

function value({ type, value: text }: RawValue): SpecValue {
  if (text === "nan:canonical" || text === "nan:arithmetic") return { type, value: text };
  if (type === "i32" || type === "f32") return { type, value: BigInt.asIntN(32, BigInt(text!)) };
  if (type === "i64" || type === "f64") return { type, value: BigInt.asIntN(64, BigInt(text!)) };
  return { type, value: text === "null" ? 0n : BigInt(text ?? 0) + 1n };
}

/** Counts of one file, for the table that a run prints. */
export interface SpecTally {
  readonly file: string;
  passed: number;
  /** "LINE: what went wrong", one per failure. */
  failed: string[];
  /** How many were skipped, by reason. */
  skipped: Map<string, number>;
}

export function newTally(file: string): SpecTally {
  return { file, passed: 0, failed: [], skipped: new Map() };
}

export function skipped(tally: SpecTally, reason: string, count = 1): void {
  tally.skipped.set(reason, (tally.skipped.get(reason) ?? 0) + count);
}

/** Counts one assertion; `what` says where it failed. */
export function note(tally: SpecTally, line: number, passed: boolean, what: string): void {
  if (passed) tally.passed++;
  else tally.failed.push(`${line}: ${what}`);
}

/** "uninitialized element 2" names the element; "undefined element" is also "out of bounds table access". */
export const isSameTrap = (got: string, want: string): boolean =>
  want.startsWith(got) || got.startsWith(want);

/** The table of a whole run: file, passed, failed, skipped with reasons; totals last. */
export function printTallies(tallies: readonly SpecTally[]): string {
  const total = newTally("total");
  for (const tally of tallies) {
    total.passed += tally.passed;
    total.failed.push(...tally.failed);
    for (const [reason, count] of tally.skipped) skipped(total, reason, count);
  }
  const lines = [...tallies, total].map(({ file, passed, failed, skipped: reasons }) => {
    const why = [...reasons].map(([reason, count]) => `${count} ${reason}`).join(", ");
    return `${file.padEnd(28)}${String(passed).padStart(7)}${String(failed.length).padStart(7)}   ${why}`.trimEnd();
  });
  return [`${"file".padEnd(28)} passed failed   skipped`, ...lines].join("\n");
}
