/** Boot code, in QEMU, with small programs; and what it shares with the drivers. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { trapCodes } from "#codegen";
import { copies, refusals } from "../test-constants.ts";
import { restarting, sameAtEveryStart, say, show } from "../test-wat.ts";
import { fields, TRAP_CAUSE, TRAP_REQUEST } from "./boot/layout.ts";
import { boot, on, shown, testImage } from "./test-image.ts";

const text = (result: Record<string, string[]>) => result["text"]![0];
const extended = (value: string) => `(i64.extend_i32_u ${value})`;

describe.concurrent("an image", () => {
  test("starts, speaks, knows its machine and what it was told, and ends", async () => {
    const result = await shown(
      {
        wat: `(func (export "start") ${say("hello\n")} ${show("memory", boot("memory"))}
          ${show("hertz", boot("hertz"))} ${show("length", boot("commandLineLength"))}
          ${show("letter", extended(`(call $load8 ${boot("commandLine")})`))}
          ${show("initrd", boot("initrd"))} ${show("none", "(call $boot (i32.const 99))")})`,
      },
      { memory: 32, append: "a word" },
    );
    expect(result).toMatchObject({ memory: ["2000000"], length: ["6"], letter: ["61"] });
    expect(result).toMatchObject({ initrd: ["0"], none: ["0"] });
    expect(Number.parseInt(result["hertz"]![0]!, 16)).toBeGreaterThan(1_000_000);
    expect(text(result)).toMatch(/^hello\n/);
    expect(text(result)).toContain("appl: the program ended; stopped");
  });

  test("counts on when the counter of 32 bits begins anew, and sleeps until its time", async () => {
    const result = await shown({
      wat: `(func $sleep (param $for i64) (local $until i64)
          (local.set $until (i64.add (call $now) (local.get $for)))
          (call $alarm (i32.wrap_i64 (local.get $until)))
          (call $wait)
          ${show("late", extended("(i64.ge_u (call $now) (local.get $until))"))}
          ${show("pending", extended("(call $pending)"))})
        (func (export "start")
          (call $listen (i32.const 0x40))
          (call $sleep (i64.const 100000)) (call $sleep (i64.const 100000)))`,
    });
    expect(result["late"]).toEqual(["1", "1"]);
    // The interrupt is there until the next alarm, and nobody was disturbed by it.
    expect(result["pending"]).toEqual(["40", "40"]);
  });

  test("has the snapshot in linear memory, which grows to its limit; a restart makes it and the globals as they were", async () => {
    const result = await shown(restarting({ boot, on }, ["(drop (call $load32 (i64.const 0x10)))"]));
    expect(result).toMatchObject(sameAtEveryStart(7));
    expect(result["trap"]!.slice(0, 6)).toEqual(["0", "1", "0", "2", TRAP_REQUEST.toString(16), "7"]);
    expect(Number.parseInt(result["trap"]![6]!, 16)).toBeGreaterThanOrEqual(TRAP_CAUSE);
  });

  test("says where it trapped: function, and offset in it", async () => {
    const program = {
      wat: `(func $other (result i32) (i32.add (call $pending) (i32.const 1)))
        (func $bad (param i32) (result i32) (i32.div_u (call $other) (local.get 0)))
        (func (export "start") ${show("function", boot("trapFunction"))} ${show("offset", boot("trapOffset"))}
          ${show("at", boot("trapAddress"))}
          ${on(0, "(drop (call $bad (i32.const 0)))")})`,
    };
    const result = await shown(program);
    const at = Number.parseInt(result["at"]![1]!, 16);
    const { elf, symbols } = testImage(program);
    expect(elf.length).toBeGreaterThan(0);
    const before = symbols.get("image.compiled")! + at - Number.parseInt(result["offset"]![1]!, 16);
    const code = [...symbols].filter(([name]) => name.startsWith("wasm.function."));
    expect(code.some(([, address]) => address >= before && address < before + 64)).toBe(true);
  });

  test.each([
    ["32 bits", "i32.store", "i32.load", 0x12345678n, 4],
    ["16 bits", "i32.store16", "i32.load16_u", 0x5678n, 2],
    ["16 bits with a sign", "i32.store16", "i32.load16_s", 0xffff9678n, 2],
  ] as const)("does what is not aligned, of %s, at every place", async (_, store, read, value, bytes) => {
    const places = [0, 1, 2, 3];
    const result = await shown({
      wat: `(func $write (param i32 i32) (${store} (local.get 0) (local.get 1)))
        (func $read (param i32) (result i32) (${read} (local.get 0)))
        (func (export "start") ${places
          .map(
            (place) => `(i64.store (i32.const 96) (i64.const 0)) (i64.store (i32.const 104) (i64.const 0))
            (call $write (i32.const ${100 + place}) (i32.const ${value}))
            ${show("read", extended(`(call $read (i32.const ${100 + place}))`))}
            ${show("low", `(i64.load32_u (i32.const 100))`)} ${show("high", `(i64.load32_u (i32.const 104))`)}`,
          )
          .join("\n")} ${show("carried", boot("unaligned"))})`,
    });
    expect(result["read"]).toEqual(places.map(() => value.toString(16)));
    const whole = (value & ((1n << BigInt(8 * bytes)) - 1n)) as bigint;
    const at = (place: number) => whole << BigInt(8 * place);
    expect(result["low"]).toEqual(places.map((place) => (at(place) & 0xffffffffn).toString(16)));
    expect(result["high"]).toEqual(places.map((place) => (at(place) >> 32n).toString(16)));
    const unaligned = places.filter((place) => place % bytes !== 0).length;
    expect(result["carried"]).toEqual([(2 * unaligned).toString(16)]);
  });

  test("is stopped when it fails again and again", async () => {
    const result = await shown({ wat: `(func (export "start") ${say("x=1")} (unreachable))` });
    expect(result["x"]).toHaveLength(10);
    expect(text(result)).toMatch(/appl: trap 0 at [0-9a-f]+ address 0; it fails again and again; stopped/);
  });

  test("says so when it has not enough memory", async () => {
    const result = await shown({ memoryLimit: 400, wat: `(func (export "start"))` }, { memory: 16 });
    expect(text(result)).toContain("appl: out of memory; stopped");
  });

  test.each([0, 1, 2, 3])(
    "copies constants from behind %i bytes, which linear memory does not have",
    async (from) => {
      const { says, ...program } = copies(from);
      expect(await shown(program)).toMatchObject(says);
    },
  );

  test("copies nothing if either place is not all inside: a trap, and a new start", async () => {
    const { says, ...program } = refusals({ boot, on });
    expect(await shown(program)).toMatchObject(says);
  });

  test("ends linear memory where it is not used any more", async () => {
    const accesses = [
      "(i32.load8_u (i32.add (local.get $far) (i32.const 0x1800)))",
      "(i32.load (i32.add (local.get $far) (i32.const 0x17fd)))",
      "(i32.load offset=0x1000 (i32.add (local.get $far) (i32.const 0x800)))",
    ];
    const result = await shown({
      memory: new Uint8Array(0x1800),
      wat: `(func (export "start") (local $far i32)
        (local.set $far (i32.sub (i32.wrap_i64 ${boot("restarts")}) (i32.wrap_i64 ${boot("restarts")})))
        ${show("trap", boot("trap"))} ${show("pages", extended("(memory.size)"))}
        ${show("inside", extended("(i32.load (i32.add (local.get $far) (i32.const 0x17fc)))"))}
        ${accesses.map((access, n) => on(n, `(drop ${access})`)).join("\n")}
        ${on(accesses.length, "(memory.fill (i32.const 0x17ff) (i32.const 1) (i32.const 2))")})`,
    });
    const trap = trapCodes.memory.code.toString(16);
    expect(result["trap"]).toEqual(["0", ...[...accesses, "fill"].map(() => trap)]);
    expect(result).toMatchObject({ pages: new Array(5).fill("1"), inside: new Array(5).fill("0") });
  });

  test("resets the devices that were named before a restart", async () => {
    const mode = `(i64.const 0x9d030000)`;
    const result = await shown(
      {
        wat: `(func (export "start") ${show("mode", extended(`(call $load32 ${mode})`))}
          (call $store32 ${mode} (i32.const 3)) (call $at_restart ${mode} (i32.const 4)) ${on(0, "(call $restart)")})`,
      },
      { args: ["-nic", "user,model=open_eth"] },
    );
    expect(result["mode"]![1]).toBe("0");
  });
});

test("boot code and drivers have the same numbers of the boot record", () => {
  const text = readFileSync(new URL("drivers/boot-record.ts", import.meta.url), "utf8");
  const found = text.matchAll(/const (\w+): u(?:32|64) = (\d+);/g);
  const numbers = Object.fromEntries([...found].map(([, name, value]) => [name, Number(value)]));
  const { TRAP_CAUSE: cause, TRAP_REQUEST: request, ...machine } = numbers;
  expect({ cause, request }).toEqual({ cause: TRAP_CAUSE, request: TRAP_REQUEST });
  expect(fields).toMatchObject(machine);
});
