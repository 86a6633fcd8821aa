/** Small programs in WebAssembly text as images, for tests of boot code. */
import type { QemuOptions } from "#tools/qemu";
import { consoleOf } from "../test-console.ts";
import { bootRecord, compiledText, hexFunction, shownIn } from "../test-wat.ts";
import { fields } from "./boot/layout.ts";
import { type LinkedImage, linkImage } from "./image/link.ts";
import { kc705 } from "./machines/kc705.ts";

/** What a program may call: text and numbers on the UART, and the processor. */
const prelude = `
  (import "hw" "load8" (func $load8 (param i64) (result i32)))
  (import "hw" "load32" (func $load32 (param i64) (result i32)))
  (import "hw" "store32" (func $store32 (param i64 i32)))
  (import "hw" "physical" (func $physical (param i32) (result i64)))
  (import "hw" "boot" (func $boot (param i32) (result i64)))
  (import "hw" "atRestart" (func $at_restart (param i64 i32)))
  (import "constants" "read" (func $constants (param i32 i32 i32)))
  (import "hw" "restart" (func $restart))
  (import "hw" "stop" (func $stop))
  (import "hw" "wait" (func $wait))
  (import "hw" "ticks" (func $now (result i64)))
  (import "hw" "alarm" (func $alarm (param i32)))
  (import "hw" "listen" (func $listen (param i32)))
  (import "hw" "pending" (func $pending (result i32)))
  (func $put (param $letter i32)
    (loop $full (br_if $full (i32.eqz (i32.and (i32.const 0x20)
      (call $load32 (i64.add (call $boot (i32.const ${fields.uart})) (i64.const 0x14)))))))
    (call $store32 (call $boot (i32.const ${fields.uart})) (local.get $letter)))
${hexFunction}`;

export interface TestProgram {
  /** Functions and globals; `start` and perhaps `run` are exported. */
  readonly wat: string;
  readonly memory?: Uint8Array;
  readonly calls?: readonly string[];
  readonly globals?: readonly bigint[];
  readonly memoryLimit?: number;
  readonly constants?: Uint8Array;
}

export function testImage({ wat, calls = ["start"], globals = [], ...rest }: TestProgram): LinkedImage {
  const memory = rest.memory ?? new Uint8Array(65536);
  const code = compiledText(prelude, wat, memory, "xtensa");
  const constants = rest.constants ?? new Uint8Array(0);
  const memoryLimit = rest.memoryLimit ?? Math.ceil(memory.length / 65536);
  return linkImage({ machine: kc705, code, memory, globals, memoryLimit, constants, contents: "", calls });
}

/** Runs it in QEMU. `name=hexadecimal` on the console, each time; all of the console is `text`. */
export async function shown(
  program: TestProgram,
  options: Partial<QemuOptions> = {},
): Promise<Record<string, string[]>> {
  const text = await consoleOf({ image: testImage(program).elf, system: "xtensa", ...options });
  return { ...shownIn(text), text: [text] };
}

export const { boot, on } = bootRecord(fields);
