import { expect, test } from "vitest";
import { type QemuOptions, startQemu } from "#tools/qemu";
import { consoleOf } from "../test-console.ts";
import { bootRecord, load, say, show, shownIn } from "../test-wat.ts";
import { fields, TRAP_REQUEST, TRAP_VECTOR } from "../x86/boot/layout.ts";
import { type TestProgram, testImage } from "./test-image.ts";

/** `name=hexadecimal` on the console, each time. */
async function shown(
  program: TestProgram,
  options: Partial<QemuOptions> = {},
): Promise<Record<string, string[]>> {
  const text = await consoleOf({ image: testImage(program).elf, ...options });
  return { ...shownIn(text), text: [text] };
}

const { boot, on } = bootRecord(fields);

test.each(["microvm,acpi=off", "microvm,acpi=on", "q35", "pc"])("boots on %s and speaks", async (machine) => {
  const { elf } = testImage({ wat: `(func (export "start") ${say("hello")})` });
  expect(await consoleOf({ image: elf, machine })).toContain("hello\r\nappl: the program ended; stopped\r\n");
});

test("runs in 4 MiB, on a processor without RDRAND, SMEP and SMAP", async () => {
  const { elf } = testImage({ wat: `(func (export "start") ${say("hello")})` });
  expect(await consoleOf({ image: elf, memory: 4, cpu: "qemu64" })).toContain("hello");
});

test("says what is missing on a processor without long mode", async () => {
  const { elf } = testImage({ wat: `(func (export "start") ${say("hello")})` });
  expect(await consoleOf({ image: elf, cpu: "qemu32" })).toContain("no 64-bit mode");
});

test("linear memory is the snapshot, zero elsewhere, and private once written", async () => {
  const memory = new Uint8Array(0x400000);
  memory.set([1, 2, 3], 0x1000);
  memory.set([4], 0x3000);
  memory.set([5], 0x3ffffff & 0x3fffff);
  const result = await shown({
    memory,
    wat: `(func (export "start")
      ${show("a", load(0x1002))} ${show("b", load(0x2000))} ${show("c", load(0x3000))} ${show("d", load(0x3fffff))}
      (i32.store8 (i32.const 0x1002) (i32.const 7)) ${show("a", load(0x1002))} ${show("e", load(0x1001))}
      (i32.store8 (i32.const 0x2000) (i32.const 8)) ${show("b", load(0x2000))}
      ${show("size", "(i64.extend_i32_u (memory.size))")}
      (drop (memory.grow (i32.const 2))) ${show("size", "(i64.extend_i32_u (memory.size))")}
      (i32.store8 (i32.const 0x41ffff) (i32.const 9)) ${show("f", load(0x41ffff))}
      ${show("refused", "(i64.extend_i32_s (memory.grow (i32.const 1000)))")})`,
  });
  expect(result).toMatchObject({
    a: ["3", "7"],
    b: ["0", "8"],
    c: ["4"],
    d: ["5"],
    e: ["2"],
    f: ["9"],
    size: ["40", "42"],
    refused: ["ffffffffffffffff"],
  });
});

test("a warm restart gives memory, globals and memory's size back, and keeps the pages that devices know in place", async () => {
  const memory = new Uint8Array(0x20000);
  memory.fill(0x11, 0x1000, 0x3000);
  const result = await shown({
    memory,
    globals: [5n],
    wat: `(global $g (mut i32) (i32.const 0))
      (func (export "start")
      ${show("snapshot", load(0x1234))} ${show("device", load(0x2345))} ${show("zero", load(0x8000))} ${show("blank", load(0x9000))}
      ${show("global", "(i64.extend_i32_u (global.get $g))")} ${show("size", "(i64.extend_i32_u (memory.size))")}
      ${show("place", "(call $physical (i32.const 0x2345))")} ${show("place2", "(call $physical (i32.const 0x9000))")}
      (global.set $g (i32.const 6)) (drop (memory.grow (i32.const 1)))
      (i32.store8 (i32.const 0x1234) (i32.const 1)) (i32.store8 (i32.const 0x2345) (i32.const 2))
      (i32.store8 (i32.const 0x8000) (i32.const 3)) (i32.store8 (i32.const 0x9000) (i32.const 4))
      ${show("seen", "(i64.extend_i32_u (call $load8 (call $physical (i32.const 0x2345))))")}
      ${show("pages", boot("pages"))}
      ${show("trap", boot("trap"))}
      (if (i64.lt_u ${boot("restarts")} (i64.const 3)) (then (call $restart))))`,
  });
  const four = (value: string) => [value, value, value, value];
  expect(result).toMatchObject({
    snapshot: four("11"),
    device: four("11"),
    zero: four("0"),
    blank: four("0"),
    global: four("5"),
    size: four("2"),
    seen: four("2"),
    trap: ["0", ...four(TRAP_REQUEST.toString(16)).slice(1)],
  });
  for (const name of ["place", "place2", "pages"]) expect(new Set(result[name]).size, name).toBe(1);
});

const deep = `(func $deep (param i32) (result i32)
  (if (result i32) (local.get 0) (then (i32.add (i32.const 1) (call $deep (i32.add (local.get 0) (i32.const 1))))) (else (i32.const 0))))`;

test.each([
  ["unreachable", "unreachable", 0, undefined],
  ["memory", "(drop (i32.load (i32.const 0x10000)))", 1, "10000"],
  ["memory, at the far end", "(i32.store offset=0xffffffff (i32.const -1) (i32.const 1))", 1, "1fffffffe"],
  ["division by zero", "(drop (i32.div_u (i32.const 1) (i32.load (i32.const 0))))", 2, undefined],
  ["stack", "(drop (call $deep (i32.const 1)))", 7, undefined],
  ["a write to code", "(call $store8 (i64.const 0x200800) (i32.const 0xc3))", TRAP_VECTOR + 14, "200800"],
  ["page 0", "(drop (call $load8 (i64.const 0x10)))", TRAP_VECTOR + 14, "10"],
  [
    "an address that is none",
    "(drop (call $load8 (i64.const 0x8000000000000000)))",
    TRAP_VECTOR + 13,
    undefined,
  ],
])("restarts after a trap: %s", async (_, action, code, target) => {
  const result = await shown({
    wat: `${deep} (func $other (export "other") (nop)) (func $act ${action})
      (func (export "start") ${show("restarts", boot("restarts"))}
      ${on(0, "(call $act)")} ${show("trap", boot("trap"))} ${show("target", boot("trapTarget"))})`,
  });
  expect(result["restarts"]).toEqual(["0", "1"]);
  expect(result["trap"]).toEqual([code.toString(16)]);
  if (target !== undefined) expect(result["target"]).toEqual([target]);
});

test("says in which function and where in it a trap was", async () => {
  const program = {
    wat: `(func $one (export "one") ${say("one\n")}) (func $two (drop (i32.load (i32.const 0x10000))))
      (func (export "start") ${on(0, "(call $one) (call $two)")}
      ${show("function", boot("trapFunction"))} ${show("offset", boot("trapOffset"))} ${show("address", boot("trapAddress"))})`,
  };
  const result = await shown(program);
  const { symbols } = testImage(program);
  const number = (name: string) => Number.parseInt(result[name]![0]!, 16);
  const imports = 12;
  const begin = symbols.get(`wasm.function.${imports + number("function")}`)!;
  expect(begin + number("offset")).toBe(symbols.get("image.compiled")! + number("address"));
});

test("gives up when it restarts again and again without living", async () => {
  const { elf } = testImage({ wat: `(func (export "start") ${say("x")} unreachable)` });
  expect(await consoleOf({ image: elf })).toMatch(
    /^x{10}\r\nappl: trap 0 at [0-9a-f]+ address 0; it fails again and again; stopped/m,
  );
});

test("says so when memory is used up", async () => {
  const { elf } = testImage({
    memory: new Uint8Array(0x500000),
    wat: `(func (export "start") (local $at i32) (loop $next
      (i32.store8 (local.get $at) (i32.const 1)) (local.set $at (i32.add (local.get $at) (i32.const 4096)))
      (br_if $next (i32.lt_u (local.get $at) (i32.const 0x500000)))))`,
  });
  expect(await consoleOf({ image: elf, memory: 4 })).toContain("appl: out of memory; stopped");
  expect(await consoleOf({ image: elf, memory: 8 })).toContain("appl: the program ended; stopped");
});

test("interrupts wake, are noted, and nothing else", async () => {
  const local = (register: number, value: number) =>
    `(call $store32 (i64.const ${0xfee00000 + register}) (i32.const ${value}))`;
  const result = await shown({
    wat: `(func (export "start") ${local(0xf0, 0x13f)} ${local(0x3e0, 0xb)} ${local(0x320, 33)} ${local(0x380, 1000000)}
      ${show("before", "(call $interrupts)")} (call $wait) ${show("after", "(call $interrupts)")} ${local(0xb0, 0)}
      ${local(0x320, 34)} ${local(0x380, 1000)} (call $wait) ${show("second", "(call $interrupts)")} ${show("none", "(call $interrupts)")})`,
  });
  expect(result).toMatchObject({ before: ["0"], after: ["2"], second: ["4"], none: ["0"] });
});

test("gives the command line and the loader's module", async () => {
  const result = await shown(
    {
      wat: `(func (export "start") (local $at i64) (local $left i64)
        (local.set $at ${boot("commandLine")}) (local.set $left ${boot("commandLineLength")})
        (loop $next (if (i64.ne (local.get $left) (i64.const 0)) (then
          (call $put (call $load8 (local.get $at))) (local.set $at (i64.add (local.get $at) (i64.const 1)))
          (local.set $left (i64.sub (local.get $left) (i64.const 1))) (br $next))))
        ${show(";protocol", boot("protocol"))} ${show("memory", boot("memory"))}
        ${show("size", boot("moduleSize"))} ${show("first", `(call $load64 ${boot("module")})`)})`,
    },
    { append: "one two=three", args: ["-initrd", "LICENSE"], memory: 16, machine: "microvm,acpi=off" },
  );
  expect(result["text"]![0]).toContain("one two=three");
  expect(result["protocol"]).toEqual(["1"]);
  expect(Number.parseInt(result["memory"]![0]!, 16)).toBeGreaterThan(15 << 20);
  expect(result["first"]).toEqual([Buffer.from("ISC Lice").readBigUInt64LE().toString(16)]);
});

test("takes fewer than 200,000 instructions from the entry to the program", async () => {
  const { elf, symbols } = testImage({ wat: `(func (export "start") ${say("hello")} (call $stop))` });
  const marks = ["boot.entry32", "wasm.export.start"].map((name) => symbols.get(name)!);
  const qemu = await startQemu({ image: elf, count: { marks } });
  try {
    await qemu.exited;
    const [entry, start] = qemu.counters().marks;
    expect(entry!.hits).toBe(1n);
    expect(Number(start!.first - entry!.first)).toBeLessThan(200_000);
  } finally {
    await qemu.kill();
  }
});
