/** Images that end by themselves, run in QEMU, for tests of boot code. */
import { type QemuOptions, startQemu } from "#tools/qemu";

/** What the console shows until the machine is stopped; a firmware's own words come before. */
export async function consoleOf(options: QemuOptions): Promise<string> {
  const qemu = await startQemu({ limit: 20_000, ...options });
  try {
    await qemu.waitFor("; stopped\r\n");
    return qemu.text;
  } finally {
    await qemu.kill();
  }
}
