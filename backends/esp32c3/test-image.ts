/** Small programs in WebAssembly text on an ESP32-C3 in TypeScript, for tests of boot code. */
import { fields } from "../esp32/boot/layout.ts";
import { bootRecord, compiledText, hexFunction, shownIn } from "../test-wat.ts";
import { uart } from "./boot/chip.ts";
import { linkImage } from "./image/link.ts";
import { Chip } from "./test-chip.ts";

/** What a program may call: text and numbers on the UART, and the processor. */
const prelude = `
  (import "hw" "store32" (func $store32 (param i64 i32)))
  (import "hw" "boot" (func $boot (param i32) (result i64)))
  (import "constants" "read" (func $constants (param i32 i32 i32)))
  (import "hw" "restart" (func $restart))
  (import "hw" "stop" (func $stop))
  (func $put (param $letter i32) (call $store32 (i64.const ${uart.base}) (local.get $letter)))
${hexFunction}`;

export interface TestProgram {
  /** Functions and globals; `start` is exported. */
  readonly wat: string;
  readonly memory?: Uint8Array;
  readonly globals?: readonly bigint[];
  readonly memoryLimit?: number;
  readonly constants?: Uint8Array;
}

export function testImage({ wat, memoryLimit, ...rest }: TestProgram): Uint8Array {
  const memory = rest.memory ?? new Uint8Array(65536);
  const { image } = linkImage({
    name: "test",
    flash: 4 << 20,
    code: compiledText(prelude, wat, memory, "rv32"),
    memory,
    globals: rest.globals ?? [],
    memoryLimit: memoryLimit ?? Math.ceil(memory.length / 65536),
    constants: rest.constants ?? new Uint8Array(0),
    contents: "",
    calls: ["start"],
  });
  return image;
}

/** Runs it until the program ends. `name=hexadecimal` on the console, each time. */
export function shown(program: TestProgram): Record<string, string[]> {
  const chip = new Chip(testImage(program));
  chip.boot();
  return shownIn(chip.toEnd());
}

export const { boot, on } = bootRecord(fields);
