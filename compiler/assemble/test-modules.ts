/** Two toy modules and their configuration, for tests: a counter that others feed, and a table of words that is made in `prepare`. */
import type {
  CodeFile,
  Configuration,
  Instance,
  Library,
  Member,
  ModuleDecl,
  RecordType,
  RecordValue,
  Span,
  Type,
  Value,
} from "#lang";

const span = (start: number): Span => ({ source: "toy.appl", start, end: start + 1 });

const core = {
  "stdlib/core/prepare.ts": `
export declare function settingsSize(number: i32): i32;
export declare function settingsCopy(number: i32, to: usize): void;
export declare function fileSize(index: i32): i32;
export declare function fileCopy(index: i32, to: usize): void;
export declare function include(from: i32, path: string): i32;
export declare function report(severity: i32, code: string, at: i32, message: string, help: string): void;
export declare function reportIn(severity: i32, code: string, file: i32, line: i32, column: i32, length: i32, message: string, help: string): void;
`,
};

export const sources: Readonly<Record<string, string>> = {
  ...core,
  "toy/words/index.ts": `
import { count } from "./needs/counter";
const table = new Map<string, i64>();
const squares: StaticArray<u8> = [0, 1, 4, 9, 16, 25, 36, 49];
export let offset: i64 = 0;
export function add(word: string, value: i64): void { table.set(word, value); }
export function move(by: i64): void { offset = by; }
export function start(): void { count(1); }
export function poll(now: u64): void {
  count(offset + (table.has("alpha") ? table.get("alpha") : 1000) + <i64>squares[<u32>(now & 7)]);
}
`,
  "toy/words/prepare.ts": `
import { report } from "../../stdlib/core/prepare";
import { Config } from "./config";
import { add, move } from "./index";
const seen = new Map<string, string>();
export function prepare(config: Config): void {
  const all = config.text.split(";");
  for (let n = 0; n < all.length; n++) {
    const pair = all[n].split("=");
    if (pair.length != 2) {
      report(0, "E9001", config.at, "no value in \`" + all[n] + "\`", "write a=1");
      continue;
    }
    seen.set("this is only for prepare: " + pair[0], pair[1]);
    add(pair[0], I32.parseInt(pair[1]));
  }
  move(config.offset);
}
`,
  "toy/counter/index.ts": `
let sum: i64 = 0;
export function count(by: i64): void { sum += by; }
export function deadline(): u64 { return <u64>sum; }
`,
};

const variable = (name: string, type: Type): Member["variable"] => ({
  name,
  type,
  span: span(0),
  role: "setting",
});
const option = (name: string, type: Type): Member => ({
  kind: "option",
  name,
  docs: undefined,
  span: span(0),
  variable: variable(name, type),
  type,
  merge: undefined,
  fallback: undefined,
});

export function recordType(name: string, members: readonly Member[]): RecordType {
  return {
    kind: "record",
    what: "module",
    name,
    library: "toy",
    docs: undefined,
    span: span(0),
    label: undefined,
    members,
    settable: new Map(),
    labelVariable: undefined,
    offers: new Map() as never,
    selfVariable: undefined as never,
    checks: { op: "body", items: [], faulty: false, span: span(0) } as RecordType["checks"],
  };
}

const code = (kind: string, file: string, hooks: readonly string[] = []): CodeFile => ({
  kind,
  arch: undefined,
  file,
  hooks,
  span: span(0),
});

export function moduleDecl(given: Partial<ModuleDecl> & { readonly path: string }): ModuleDecl {
  const name = given.path.split("/").at(-1)!;
  return {
    name,
    library: given.path.split("/").slice(0, -1).join("/"),
    multiple: false,
    type: recordType(name, []),
    needs: [],
    offers: [],
    code: [],
    parts: [],
    queries: [],
    docs: undefined,
    span: span(0),
    ...given,
  };
}

export function library(path: string, ofTarget = false): Library {
  return {
    path,
    file: `${path}/${path}.appl`,
    docs: undefined,
    interfaces: [],
    diagnostics: [],
    ofTarget,
  } as Library;
}

const str: Type = { kind: "scalar", name: "Str" };
const int: Type = { kind: "scalar", name: "Int" };

export const counter = moduleDecl({
  path: "toy/counter",
  offers: ["toy.Counter"],
  code: [code("as", "./counter/index.ts", ["deadline"])],
  span: span(70),
});

export const words = moduleDecl({
  path: "toy/words",
  type: recordType("words", [option("text", str), option("offset", int)]),
  needs: [{ name: "counter", interface: "toy.Counter", docs: undefined, span: span(30) }],
  code: [code("as", "./words/index.ts", ["start", "poll"]), code("prepare", "./words/prepare.ts")],
  span: span(40),
});

function settings(fields: Readonly<Record<string, Value>>): RecordValue {
  return {
    kind: "record",
    fields: new Map(Object.entries(fields)),
    origins: new Map(),
    weight: 16,
    span: span(10),
  };
}

export function instance(fields: Readonly<Record<string, Value>>): Instance {
  return { label: undefined, config: settings(fields), span: span(10) };
}

/** `words { text = …; offset = … }` */
export function toyConfiguration(text: string, offset: bigint): Configuration {
  const config = instance({ text: { kind: "str", value: text }, offset: { kind: "int", value: offset } });
  return {
    appliance: { name: "toy", span: span(0) },
    target: "host",
    modules: [{ module: words, span: span(10), because: span(10), instances: [config], parts: [] }],
    declarations: [counter, words],
    libraries: [library("toy")],
  };
}
