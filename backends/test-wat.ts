/** Small programs in WebAssembly text, for tests of boot code: what they say. The text around these has `$put`, which prints a letter. */

import binaryen from "binaryen";
import { type CompiledModule, compile, type IsaName } from "#codegen";

/** Lower-case hexadecimal, without zeros in front. */
export const hexFunction = `
  (func $hex (param $value i64) (local $digit i32)
    (if (i64.ne (i64.shr_u (local.get $value) (i64.const 4)) (i64.const 0))
      (then (call $hex (i64.shr_u (local.get $value) (i64.const 4)))))
    (local.set $digit (i32.and (i32.wrap_i64 (local.get $value)) (i32.const 15)))
    (call $put (i32.add (local.get $digit)
      (select (i32.const 48) (i32.const 87) (i32.lt_u (local.get $digit) (i32.const 10))))))
`;

/** Text as calls of `$put`. */
export const say = (text: string): string =>
  [...text].map((letter) => `(call $put (i32.const ${letter.charCodeAt(0)}))`).join(" ");

/** A name and a number of type i64. */
export const show = (name: string, value: string): string =>
  `${say(`${name}=`)} (call $hex ${value}) ${say("\n")}`;

/** The byte of linear memory at a place, as i64. */
export const load = (at: number): string => `(i64.extend_i32_u (i32.load8_u (i32.const ${at})))`;

/** What `show` has shown: of each name the numbers, in order. */
export function shownIn(text: string): Record<string, string[]> {
  const all: Record<string, string[]> = {};
  for (const [, name, value] of text.matchAll(/(\w+)=([0-9a-f]+)/g))
    all[name!] = [...(all[name!] ?? []), value!];
  return all;
}

/** Expressions about the boot record whose fields these are. */
export function bootRecord<Name extends string>(fields: Readonly<Record<Name | "restarts", number>>) {
  /** A field. */
  const boot = (name: Name | "restarts"): string => `(call $boot (i32.const ${fields[name]}))`;
  /** At the start after so many restarts. */
  const on = (restarts: number, then: string): string =>
    `(if (i64.eq ${boot("restarts")} (i64.const ${restarts})) (then ${then}))`;
  return { boot, on };
}

/** A program with what it may call in front of it, and so much memory, compiled. */
export function compiledText(prelude: string, wat: string, memory: Uint8Array, isa: IsaName): CompiledModule {
  const module = binaryen.parseText(
    `(module ${prelude} (memory ${Math.floor(memory.length / 65536)} 100) ${wat})`,
  );
  module.setFeatures(binaryen.Features.MutableGlobals | binaryen.Features.BulkMemory);
  const code = compile(module.emitBinary(), isa);
  module.dispose();
  return code;
}

/** Memory, globals and a program that shows them and changes them, and ends seven ways from one start to the next; `faults` has what else it does then. */
export function restarting(
  { boot, on }: ReturnType<typeof bootRecord<"trap">>,
  faults: readonly string[] = [],
) {
  const memory = new Uint8Array(0x20000);
  memory.fill(0x11, 0x1000, 0x3000);
  memory.set([4], 0x3000);
  const ends = [
    "(drop (i32.load offset=0xffffffff (i32.const -1)))",
    "(unreachable)",
    "(drop (i32.div_u (i32.const 1) (i32.wrap_i64 (i64.sub (global.get $g) (i64.const 6)))))",
    "(call $restart)",
    "(drop (call $deep (i64.const 1)))",
    ...faults,
  ];
  const wat = `(global $g (mut i64) (i64.const 0))
    (func $deep (param $n i64) (result i64)
      (i64.add (local.get $n) (call $deep (i64.add (local.get $n) (call $boot (i32.const 0))))))
    (func (export "start")
    ${show("g", "(global.get $g)")} ${show("size", "(i64.extend_i32_u (memory.size))")}
    ${show("trap", boot("trap"))} ${show("a", load(0x1002))} ${show("b", load(0x3000))} ${show("c", load(0x1fff0))}
    (global.set $g (i64.const 6)) (drop (memory.grow (i32.const 1)))
    ${show("grown", load(0x2ffff))}
    ${show("refused", "(i64.extend_i32_s (memory.grow (i32.const -1)))")}
    (i32.store8 (i32.const 0x1002) (i32.const 1)) (i32.store8 (i32.const 0x3000) (i32.const 1))
    (i32.store8 (i32.const 0x1fff0) (i32.const 1)) (i32.store8 (i32.const 0x2ffff) (i32.const 1))
    ${ends.map((then, restarts) => on(restarts, then)).join("\n")})`;
  return { memory, globals: [5n], memoryLimit: 4, wat };
}

/** What it shows at every start, if a restart makes all as it was. */
export function sameAtEveryStart(starts: number): Record<string, string[]> {
  const once = { g: "5", size: "2", a: "11", b: "4", c: "0", grown: "0", refused: "ffffffffffffffff" };
  return Object.fromEntries(
    Object.entries(once).map(([name, value]) => [name, new Array<string>(starts).fill(value)]),
  );
}
