import { expect, test } from "vitest";
import { startQemu } from "#tools/qemu";
import { buildProgram, type TestProgram } from "./test-program.ts";

const bare = ["console", "interrupts", "clock", "wall", "log", "virtio", "loop"] as const;
const tick: TestProgram = {
  use: bare,
  hooks: ["poll", "deadline"],
  own: `import * as log from "./log";
import { wall } from "./wall";
let next: u64 = 0;
let count: u64 = 0;
export function poll(now: u64): void {
  if (now < next) return;
  if (count == 0) { log.text("wall "); log.number(wall() / 1000000000); log.end(); }
  log.text("tick "); log.number(count); log.text(" at "); log.number(now / 1000000); log.end();
  count += 1;
  next = now + 200000000;
}
export function deadline(): u64 { return next; }
`,
};

test.each(["microvm,acpi=off", "q35"])("the clock and the timer keep time on %s", async (machine) => {
  const { elf } = await buildProgram(tick);
  const qemu = await startQemu({ image: elf, machine });
  try {
    const at = async (n: number) => Number((await qemu.waitFor(new RegExp(`tick ${n} at (\\d+)\r\n`)))[1]);
    const first = await at(0);
    const begin = Date.now();
    const last = await at(10);
    const seen = Date.now() - begin;
    expect(last - first).toBeGreaterThanOrEqual(2000);
    expect(Math.abs(last - first - seen)).toBeLessThan(seen / 4);
    const wall = Number((await qemu.waitFor(/wall (\d+)\r\n/))[1]);
    expect(Math.abs(wall - Date.now() / 1000)).toBeLessThan(10);
  } finally {
    await qemu.kill();
  }
});
