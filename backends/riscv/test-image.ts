/** Small programs in WebAssembly text as images, for tests of boot code. */
import { compiledText, hexFunction } from "../test-wat.ts";
import type { BareMachine } from "./firmware/shim.ts";
import { type LinkedImage, linkImage } from "./image/link.ts";

/** What a program may call: the firmware's console, text and numbers on it. */
const prelude = `
  (import "hw" "sbi" (func $sbi (param i32 i32 i64 i64) (result i64)))
  (import "hw" "load8" (func $load8 (param i64) (result i32)))
  (import "hw" "store8" (func $store8 (param i64 i32)))
  (import "hw" "physical" (func $physical (param i32) (result i64)))
  (import "hw" "boot" (func $boot (param i32) (result i64)))
  (import "hw" "restart" (func $restart))
  (import "hw" "stop" (func $stop))
  (import "hw" "wait" (func $wait))
  (import "hw" "rdtime" (func $now (result i64)))
  (func $put (param $letter i32)
    (drop (call $sbi (i32.const 1) (i32.const 0) (i64.extend_i32_u (local.get $letter)) (i64.const 0))))
${hexFunction}`;

export interface TestProgram {
  readonly xlen?: 32 | 64;
  readonly bare?: BareMachine;
  /** Functions and globals; `start` and perhaps `run` are exported. */
  readonly wat: string;
  readonly memory?: Uint8Array;
  readonly calls?: readonly string[];
  readonly globals?: readonly bigint[];
  readonly memoryLimit?: number;
}

export function testImage({
  wat,
  xlen = 64,
  bare,
  calls = ["start"],
  globals = [],
  ...rest
}: TestProgram): LinkedImage {
  const memory = rest.memory ?? new Uint8Array(65536);
  const code = compiledText(prelude, wat, memory, `rv${xlen}`);
  return linkImage({
    xlen,
    bare,
    code,
    memory,
    globals,
    memoryLimit: rest.memoryLimit ?? 100,
    contents: "",
    calls,
  });
}
