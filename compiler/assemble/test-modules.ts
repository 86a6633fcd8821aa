/** A library of toy modules, for tests: words with values that set-up sorts into a table, and a counter that they feed. */
import { readFileSync } from "node:fs";
import { type Files, MemoryFiles } from "#lang";

const toy = `appl 1
library std/toy

## Adds up.
interface Counter { source = "./counter/index.ts" }
## Tells how much to add.
interface Step { source = "./step.ts" }

type Kind = plain | weighed(Int) | named(Str)

block Extra : Str {
  option value : Int
}

## Words and what they count.
module words {
  needs counter : Counter
  option text   : Str = "alpha=1"
  option offset : Int = 0
  option file   : File? = none
  option folder : Dir? = none
  option key    : Secret<Str>? = none
  option kind   : Kind = plain
  blocks extra  : Extra
  part loud when offset > 1000
  code as "./words/index.ts" { hooks = [start, poll] }
  code prepare "./words/prepare.ts"
}

module counter {
  offers Counter
  needs step : Step
  code as "./counter/index.ts" { hooks = [deadline] }
}

diagnostic E9001 "A word without a value"
`;

const backend = `appl 1
library backend/box

use std/core
use std/log
use std/toy

module step {
  offers toy.Step
  code as "./drivers/step.ts" { hooks = [] }
}

module console {
  offers core.Console
  code as "./drivers/console.ts" { hooks = [] }
}

module given {
  offers core.Given
  code as "./drivers/given.ts" { hooks = [] }
}
`;

const sources: Readonly<Record<string, string>> = {
  "stdlib/toy/toy.appl": toy,
  "backends/box/box.appl": backend,
  "backends/box/drivers/step.ts": "export function step(): i64 { return 1; }\n",
  "backends/box/drivers/console.ts": "export function write(_byte: u32): void {}\n",
  "backends/box/drivers/given.ts": `import { Bytes } from "../../../stdlib/core/bytes";
export function texts(): i32 { return 0; }
export function form(_n: i32): i32 { return 0; }
export function size(_n: i32): u32 { return 0; }
export function read(_n: i32, _to: Bytes): void {}
export function place(_n: i32): string { return ""; }
export function how(): string { return ""; }
export function refuse(): void {}
`,
  "stdlib/toy/counter/index.ts": `import { step } from "./needs/step";
let sum: i64 = 0;
export function count(by: i64): void { sum += by * step(); }
export function deadline(): u64 { return <u64>sum; }
`,
  "stdlib/toy/words/index.ts": `import { count } from "./needs/counter";
import { loud } from "./parts";
const table = new Map<string, i64>();
const squares: StaticArray<u8> = [0, 1, 4, 9, 16, 25, 36, 49];
const buffer = new StaticArray<u8>(100_000);
let offset: i64 = 0;
export function add(word: string, value: i64): void { table.set(word, value); }
export function move(by: i64): void { offset = by; }
export function start(): void { count(1); }
export function poll(now: u64): void {
  buffer[<i32>(now & 0xff)] = 1;
  if (loud) count(1_000_000);
  count(offset + (table.has("alpha") ? table.get("alpha") : 1000) + <i64>squares[<u32>(now & 7)]);
}
`,
  "stdlib/toy/words/prepare.ts": `import { include } from "../../core/files";
import { error, errorIn, warningIn } from "../../core/report";
import { File } from "../../core/values";
import { Config } from "./config";
import { add, move } from "./index";
const seen = new Map<string, string>();
function line(text: string, at: i32): void {
  const pair = text.split("=");
  if (pair.length != 2) {
    error("E9001", at, "no value in \`" + text + "\`", "write a=1");
    return;
  }
  seen.set("this is only for set-up: " + pair[0], pair[1]);
  add(pair[0], I32.parseInt(pair[1]));
}
function read(file: File): void {
  const lines = String.UTF8.decodeUnsafe(changetype<usize>(file.bytes), file.bytes.length).split("\\n");
  for (let n = 0; n < lines.length; n++) {
    if (lines[n].startsWith("include ")) {
      const inner = include(file, lines[n].substring(8));
      if (inner == null) errorIn("E9001", file, n + 1, 9, lines[n].length - 8, "no such file", "");
      else read(inner);
    } else if (lines[n].startsWith("odd ")) warningIn("E9001", file, n + 1, 1, 3, "odd", "");
    else if (lines[n].length > 0) line(lines[n], 0);
  }
}
export function prepare(config: Config): void {
  const all = config.text.split(";");
  for (let n = 0; n < all.length; n++) line(all[n], config.at);
  for (let n = 0; n < config.extra.length; n++) {
    const extra = config.extra[n];
    if (extra.value < 0) error("E9001", extra.at, "\`" + extra.label + "\` is negative", "");
    add(extra.label, extra.value);
  }
  const file = config.file;
  if (file != null) read(file);
  const key = config.key;
  if (key != null) add("alpha", 10 * key.declared.name.length + key.declared.slot.length);
  const folder = config.folder;
  if (folder != null)
    for (let n = 0; n < folder.files.length; n++) {
      const found = folder.files[n];
      if (folder.hash.length != 64 || found.hash.length != 64) error("E9001", config.at, "no hash", "");
      const size = found.file.bytes.length + (found.executable ? 1000 : 0);
      if (found.path == "b/note.txt" && found.media == "text/plain") add("alpha", size);
    }
  const kind = config.kind;
  if (kind.tag == 1) add("alpha", kind.weighed);
  const name = kind.named;
  if (kind.tag == 2 && name != null) add(name, 5);
  move(config.offset);
}
`,
};

/** The toy library and its target `box`, with the real `std/core` and `std/log`, and `std/ntp`, which nothing here uses. */
export function toyLibraries(changes: Readonly<Record<string, string>> = {}): Files {
  const files = new MemoryFiles({ ...sources, ...changes });
  return {
    read: (path) => files.read(path) ?? (/^stdlib\/(core|log|ntp)\//.test(path) ? fromDisk(path) : undefined),
    list: (path) => files.list(path),
  };
}

function fromDisk(path: string): Uint8Array | undefined {
  try {
    return readFileSync(new URL(`../../${path}`, import.meta.url));
  } catch {
    return undefined;
  }
}

/** A description with one block `words`, and declarations before it. */
export const description = (body: string, before = ""): string =>
  `appl 1\nuse std/toy\n${before}\nappliance box {\n  words { ${body} }\n}\n`;

/** What a build has to know of the target. */
export const toyTarget = {
  name: "box",
  libraries: ["backends/box/box.appl"],
  board: undefined,
  roots: [],
} as const;
