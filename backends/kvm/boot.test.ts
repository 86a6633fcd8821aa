import binaryen from "binaryen";
import { expect, test } from "vitest";
import { compile } from "#codegen";
import { type QemuOptions, startQemu } from "#tools/qemu";
import { linkImage } from "./image/link.ts";

export function image(wat: string, memory = new Uint8Array(65536)): Uint8Array {
  const module = binaryen.parseText(wat);
  module.setFeatures(binaryen.Features.All);
  const wasm = module.emitBinary();
  module.dispose();
  const compiled = compile(wasm);
  return linkImage({ compiled, memory, globals: [], memoryLimit: 1024, contents: "", calls: ["start"] }).elf;
}

/** Runs until the machine ends or prints "; stopped". */
async function consoleOf(elf: Uint8Array, options: Partial<QemuOptions> = {}): Promise<string> {
  const qemu = await startQemu({ image: elf, limit: 20_000, ...options });
  try {
    await qemu.waitFor("; stopped");
    return qemu.text;
  } finally {
    await qemu.kill();
  }
}

const put = (text: string) =>
  [...text].map((letter) => `(call $out8 (i32.const 0x3f8) (i32.const ${letter.charCodeAt(0)}))`).join("\n");
const hello = `(module (import "hw" "out8" (func $out8 (param i32 i32))) (memory 1)
  (func (export "start") ${put("hello")}))`;

test.each(["microvm,acpi=off", "microvm,acpi=on", "q35", "pc"])("boots on %s and speaks", async (machine) => {
  expect(await consoleOf(image(hello), { machine })).toContain(
    "hello\r\nappl: the program ended; stopped\r\n",
  );
});
