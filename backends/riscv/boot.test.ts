import { expect, test } from "vitest";
import { load, say, show } from "../test-wat.ts";
import { TRAP_REQUEST } from "./boot/layout.ts";
import { boot, on, shown } from "./test-console.ts";
import { testImage } from "./test-image.ts";

const hello = testImage({ wat: `(func (export "start") ${say("hello")})` }).image;

test("has the header that U-Boot looks for: size in memory, where to, which version", () => {
  const view = new DataView(hello.buffer, hello.byteOffset);
  expect(view.getBigUint64(8, true)).toBe(0x20_0000n);
  expect(Number(view.getBigUint64(16, true))).toBeGreaterThan(hello.length);
  expect(view.getUint32(32, true)).toBe(2);
  expect(String.fromCharCode(...hello.subarray(48, 53), ...hello.subarray(56, 59))).toBe("RISCVRSC");
});

test("boots under the firmware and speaks; what it learns of the machine is in the boot record", async () => {
  const result = await shown(
    {
      wat: `(func (export "start") ${say("hello\n")}
        ${show("memory", boot("memory"))} ${show("timebase", boot("timebase"))} ${show("length", boot("commandLineLength"))}
        ${show("letter", `(i64.extend_i32_u (call $load8 ${boot("commandLine")}))`)})`,
    },
    { memory: 32, append: "a word" },
  );
  expect(result).toMatchObject({
    memory: ["2000000"],
    timebase: [(10_000_000).toString(16)],
    length: ["6"],
    letter: ["61"],
  });
  expect(result["text"]![0]).toContain("hello");
  expect(result["text"]![0]).toContain("appl: the program ended; stopped\r\n");
});

test("linear memory is the snapshot, zero elsewhere, and private once written", async () => {
  const memory = new Uint8Array(0x400000);
  memory.fill(3, 0x1000, 0x3000);
  memory.set([4], 0x3000);
  memory.set([5], 0x3fffff);
  const result = await shown({
    memory,
    wat: `(func (export "start")
      ${show("a", load(0x1002))} ${show("b", load(0x4000))} ${show("c", load(0x3000))} ${show("d", load(0x3fffff))}
      (i32.store8 (i32.const 0x1002) (i32.const 7)) ${show("a", load(0x1002))} ${show("e", load(0x1001))}
      (i32.store8 (i32.const 0x4000) (i32.const 8)) ${show("b", load(0x4000))}
      (drop (memory.grow (i32.const 2))) ${show("size", "(i64.extend_i32_u (memory.size))")}
      (i32.store8 (i32.const 0x41ffff) (i32.const 9)) ${show("f", load(0x41ffff))}
      ${show("refused", "(i64.extend_i32_s (memory.grow (i32.const 1000)))")})`,
  });
  expect(result).toMatchObject({
    a: ["3", "7"],
    b: ["0", "8"],
    c: ["4"],
    d: ["5"],
    e: ["3"],
    f: ["9"],
    size: ["42"],
    refused: ["ffffffffffffffff"],
  });
});

test("traps are warm restarts with their reason: memory, globals and size are as at the first start, pages of devices stay", async () => {
  const memory = new Uint8Array(0x20000);
  memory.fill(0x11, 0x1000, 0x3000);
  const result = await shown({
    memory,
    globals: [5n],
    wat: `(global $g (mut i64) (i64.const 0))
      (func $deep (result i64) (i64.add (i64.const 1) (call $deep)))
      (func (export "start")
      ${show("g", "(global.get $g)")} ${show("size", "(i64.extend_i32_u (memory.size))")}
      ${show("trap", boot("trap"))} ${show("target", boot("trapTarget"))} ${show("pages", boot("pages"))}
      ${show("a", load(0x1000))} ${show("b", load(0x2000))}
      (global.set $g (i64.const 6)) (drop (memory.grow (i32.const 1)))
      (i32.store8 (i32.const 0x1000) (i32.const 1)) (i32.store8 (i32.const 0x2000) (i32.const 1))
      ${show("place", "(call $physical (i32.const 0x2000))")}
      ${on(0, "(drop (i32.load offset=0xffffffff (i32.const -1)))")}
      ${on(1, "(unreachable)")}
      ${on(2, "(drop (i32.div_u (i32.const 1) (i32.wrap_i64 (i64.sub (global.get $g) (i64.const 6)))))")}
      ${on(3, "(call $restart)")}
      ${on(4, "(drop (call $deep))")})`,
  });
  const same = (value: string) => new Array<string>(6).fill(value);
  expect(result).toMatchObject({ g: same("5"), size: same("2"), a: same("11"), b: same("11") });
  expect(result["trap"]).toEqual(["0", "1", "0", "2", TRAP_REQUEST.toString(16), "7"]);
  expect(result["target"]![1]).toBe("1fffffffe");
  expect(new Set(result["place"]).size).toBe(1);
  // What was given out is taken back, but for the one page that a device knows.
  expect(new Set(result["pages"]!.slice(2)).size).toBe(1);
});

test("a program that fails again and again is stopped", async () => {
  const result = await shown({ wat: `(func (export "start") ${say("x=1")} (unreachable))` });
  expect(result["x"]).toHaveLength(10);
  expect(result["text"]![0]).toMatch(
    /appl: trap 0 at [0-9a-f]+ address 0; it fails again and again; stopped/,
  );
});

test.each([
  ["code is not writable", "(i64.const 0x3000000000)"],
  ["and there is no second way to it", "(i64.const 0x80200000)"],
])("%s", async (_, address) => {
  const result = await shown({
    wat: `(func (export "start") ${show("trap", boot("trap"))} ${on(0, `(call $store8 ${address} (i32.const 0))`)})`,
  });
  expect(result["trap"]).toEqual(["0", (256 + 15).toString(16)]);
});

test("without enough memory it says so", async () => {
  const memory = new Uint8Array(65536);
  const result = await shown(
    {
      memory,
      memoryLimit: 2000,
      wat: `(func (export "start") (local $at i32) (drop (memory.grow (i32.const 99)))
        (loop $next (i32.store (local.get $at) (i32.const 1))
          (br_if $next (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 4096))) (i32.const 6500000)))))`,
    },
    { memory: 8 },
  );
  expect(result["text"]![0]).toContain("appl: out of memory; stopped");
});
