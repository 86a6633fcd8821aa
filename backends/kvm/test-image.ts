/** Small programs in WebAssembly text as images, for tests of boot code. */
import { compiledText, hexFunction } from "../test-wat.ts";
import { type LinkedImage, linkImage } from "../x86/image/link.ts";
import { platform } from "./boot/platform.ts";

/** What a program may call: port output, text and numbers on the serial port. */
const prelude = `
  (import "hw" "out8" (func $out8 (param i32 i32)))
  (import "hw" "in8" (func $in8 (param i32) (result i32)))
  (import "hw" "load8" (func $load8 (param i64) (result i32)))
  (import "hw" "load64" (func $load64 (param i64) (result i64)))
  (import "hw" "store8" (func $store8 (param i64 i32)))
  (import "hw" "store32" (func $store32 (param i64 i32)))
  (import "hw" "physical" (func $physical (param i32) (result i64)))
  (import "hw" "boot" (func $boot (param i32) (result i64)))
  (import "hw" "interrupts" (func $interrupts (result i64)))
  (import "hw" "restart" (func $restart))
  (import "hw" "stop" (func $stop))
  (import "hw" "wait" (func $wait))
  (func $put (param $letter i32)
    (loop $full (br_if $full (i32.eqz (i32.and (call $in8 (i32.const 0x3fd)) (i32.const 0x20)))))
    (call $out8 (i32.const 0x3f8) (local.get $letter)))
${hexFunction}`;

export interface TestProgram {
  /** Functions and globals; `start` and perhaps `run` are exported. */
  readonly wat: string;
  readonly memory?: Uint8Array;
  readonly calls?: readonly string[];
  readonly globals?: readonly bigint[];
  readonly memoryLimit?: number;
}

export function testImage({ wat, calls = ["start"], globals = [], ...rest }: TestProgram): LinkedImage {
  const memory = rest.memory ?? new Uint8Array(65536);
  const code = compiledText(prelude, wat, memory, "x86-64");
  return linkImage(platform, {
    code,
    memory,
    globals,
    memoryLimit: rest.memoryLimit ?? 100,
    contents: "",
    calls,
  });
}
