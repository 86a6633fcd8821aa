/** Small programs run in QEMU, and what they have shown on the console. */
import type { QemuOptions } from "#tools/qemu";
import { consoleOf } from "../test-console.ts";
import { bootRecord, shownIn } from "../test-wat.ts";
import { fields } from "./boot/layout.ts";
import { type TestProgram, testImage } from "./test-image.ts";

/** `name=hexadecimal` on the console, each time. */
export async function shown(
  program: TestProgram,
  options: Partial<QemuOptions> = {},
): Promise<Record<string, string[]>> {
  const text = await consoleOf({ image: testImage(program).image, system: "riscv64", ...options });
  return { ...shownIn(text), text: [text] };
}

export const { boot, on } = bootRecord(fields);
