/** Images that start without firmware: with page tables (64 bits), and without (32 bits). */
import { describe, expect, test } from "vitest";
import { restarting, sameAtEveryStart, say, show } from "../test-wat.ts";
import { TRAP_CAUSE, TRAP_REQUEST } from "./boot/layout.ts";
import { boot, on, shown } from "./test-console.ts";
import type { TestProgram } from "./test-image.ts";

/** QEMU's `virt`. */
const bare = { entry: 0x8000_0000, uart: 0x1000_0000, clint: 0x200_0000, finisher: 0x10_0000 };
const READ = TRAP_CAUSE + 5;
const WRITE = TRAP_CAUSE + 7;

describe.concurrent.each([64, 32] as const)("with %s bits and no firmware", (xlen) => {
  const run = (program: TestProgram, options: Parameters<typeof shown>[1] = {}) =>
    shown({ ...program, xlen, bare }, { system: `riscv${xlen}`, bare: true, ...options });

  test("it starts, speaks, knows its machine, and switches it off", async () => {
    const result = await run(
      {
        wat: `(func (export "start") ${say("hello\n")} ${show("hart", boot("hart"))}
          ${show("memory", boot("memory"))} ${show("timebase", boot("timebase"))} ${show("length", boot("commandLineLength"))}
          ${show("letter", `(i64.extend_i32_u (call $load8 ${boot("commandLine")}))`)}
          ${show("specification", "(call $sbi (i32.const 16) (i32.const 0) (i64.const 0) (i64.const 0))")}
          ${show("timer", "(call $sbi (i32.const 16) (i32.const 3) (i64.const 0x54494d45) (i64.const 0))")}
          ${show("other", "(call $sbi (i32.const 0x999) (i32.const 0) (i64.const 0) (i64.const 0))")})`,
      },
      { memory: 32, append: "a word" },
    );
    expect(result).toMatchObject({
      hart: ["0"],
      memory: ["2000000"],
      timebase: [(10_000_000).toString(16)],
      length: ["6"],
      letter: ["61"],
      specification: ["1000000"],
      timer: ["1"],
      other: ["fffffffffffffffe"],
    });
    expect(result["text"]![0]).toMatch(/^hello\r\n/);
  });

  test("the timer wakes at its time, and not before it is asked for", async () => {
    const set = "(drop (call $sbi (i32.const 0x54494d45) (i32.const 0) (local.get $until) (i64.const 0)))";
    const result = await run({
      wat: `(func $one (local $until i64)
          (local.set $until (i64.add (call $now) (i64.const 100000)))
          ${set} (call $wait)
          ${show("early", "(i64.extend_i32_u (i64.lt_u (call $now) (local.get $until)))")})
        (func (export "start") (call $one) (call $one))`,
    });
    expect(result["early"]).toEqual(["0", "0"]);
  });

  test("linear memory is the snapshot and grows to its limit; a restart makes it and the globals as they were", async () => {
    const result = await run(restarting({ boot, on }));
    expect(result).toMatchObject(sameAtEveryStart(6));
    expect(result["trap"]).toEqual(["0", "1", "0", "2", TRAP_REQUEST.toString(16), "7"]);
  });

  test("a program that fails again and again is stopped", async () => {
    const result = await run({ wat: `(func (export "start") ${say("x=1")} (unreachable))` });
    expect(result["x"]).toHaveLength(10);
    expect(result["text"]![0]).toMatch(
      /appl: trap 0 at [0-9a-f]+ address 0; it fails again and again; stopped/,
    );
  });

  test.each([
    ["write to the firmware", `(call $store8 (i64.const ${bare.entry}) (i32.const 0))`, WRITE],
    ["read it", `(drop (call $load8 (i64.const ${bare.entry})))`, READ],
    ["write to its own code", `(call $store8 (i64.const ${bare.entry + 0x1100}) (i32.const 0))`, WRITE],
  ])("it cannot %s", async (_, access, cause) => {
    const result = await run({
      wat: `(func (export "start") ${show("trap", boot("trap"))} ${on(0, access)})`,
    });
    // With page tables these addresses are not there at all.
    expect(result["trap"]).toEqual(["0", (xlen === 64 ? cause + 8 : cause).toString(16)]);
  });

  test("without enough memory it says so", async () => {
    const result = await run(
      {
        memoryLimit: 2000,
        wat: `(func (export "start") (local $at i32) (drop (memory.grow (i32.const 199)))
          (loop $next (i32.store (local.get $at) (i32.const 1))
            (br_if $next (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 4096))) (i32.const 13000000)))))`,
      },
      { memory: 8 },
    );
    expect(result["text"]![0]).toContain("appl: out of memory; stopped");
  });
});
