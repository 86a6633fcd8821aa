/** Small programs run in QEMU, and what they have shown on the console. */
import { type QemuOptions, startQemu } from "#tools/qemu";
import { fields } from "./boot/layout.ts";
import { type TestProgram, testImage } from "./test-image.ts";

/** What the console shows until the machine is stopped; the firmware's own words come before. */
async function consoleOf(image: Uint8Array, options: Partial<QemuOptions> = {}): Promise<string> {
  const qemu = await startQemu({ image, system: "riscv64", limit: 20_000, ...options });
  try {
    await qemu.waitFor("; stopped\r\n");
    return qemu.text;
  } finally {
    await qemu.kill();
  }
}

/** `name=hexadecimal` on the console, each time. */
export async function shown(
  program: TestProgram,
  options: Partial<QemuOptions> = {},
): Promise<Record<string, string[]>> {
  const text = await consoleOf(testImage(program).image, options);
  const all: Record<string, string[]> = {};
  for (const [, name, value] of text.matchAll(/(\w+)=([0-9a-f]+)/g))
    all[name!] = [...(all[name!] ?? []), value!];
  return { ...all, text: [text] };
}

/** A field of the boot record. */
export const boot = (name: keyof typeof fields): string => `(call $boot (i32.const ${fields[name]}))`;
/** At the start after so many restarts. */
export const on = (restarts: number, then: string): string =>
  `(if (i64.eq ${boot("restarts")} (i64.const ${restarts})) (then ${then}))`;
