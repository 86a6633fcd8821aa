import { once } from "node:events";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { bootRecord, load, say, show, shownIn } from "../test-wat.ts";
import { calls } from "./boot/kernel.ts";
import { fields, linkFields, linkFlags, TRAP_REQUEST, TRAP_SIGNAL } from "./boot/layout.ts";
import { allowed } from "./boot/seal.ts";
import { runProcess, startProcess, type TestProgram, testImage } from "./test-image.ts";

/** `name=hexadecimal` in what it says, each time. */
async function shown(program: TestProgram): Promise<Record<string, string[]>> {
  const { output, errors } = await runProcess(testImage(program).elf);
  return { ...shownIn(output), errors: [errors] };
}

const { boot, on } = bootRecord(fields);
const hello = testImage({ wat: `(func (export "start") ${say("hello\n")})` }).elf;
const sleeping = testImage({
  wat: `(func (export "start") (loop $again ${say("x")} (call $wait (i64.const 10000000) (i32.const 1)) (br $again)))`,
}).elf;

test("a program speaks, and its end is the end of the process", async () => {
  expect(await runProcess(hello)).toEqual({
    output: "hello\n",
    errors: "the program ended\n",
    code: 0,
    signal: null,
  });
});

test.each([
  [["--nope"], 2, "`--nope` is no option; --help lists them"],
  [["nope"], 2, "`nope` is no option; --help lists them"],
  [["--helpful"], 2, "`--helpful` is no option; --help lists them"],
  [["--tap"], 2, "--tap wants the name of a tap device"],
  [["--tap="], 2, "--tap wants the name of a tap device"],
  [["--tap", "a-name-that-is-long"], 2, "`a-name-that-is-long` is too long for a network device"],
  [["--interface=nope"], 1, "cannot use `nope`: there is no such device"],
  [["--fd", "1x"], 2, "--fd wants the number of an open file, and not `1x`"],
  [
    ["--fd", "99999999999999999999"],
    2,
    "--fd wants the number of an open file, and not `99999999999999999999`",
  ],
  [["--fd", "77"], 1, "cannot use file 77: it is not open"],
  [["--mac", "02:00:00:00:00:01"], 2, "--mac comes behind the device that it is for"],
  [
    ["--fd", "0", "--mac", "03:00:00:00:00:01"],
    2,
    "--mac wants an address of one device, like 02:00:00:00:00:01, and not `03:00:00:00:00:01`",
  ],
  [
    ["--fd", "0", "--mac", "02:00:00:00:00:1"],
    2,
    "--mac wants an address of one device, like 02:00:00:00:00:01, and not `02:00:00:00:00:1`",
  ],
  [["--fd=0", "--fd=0", "--fd=0", "--fd=0", "--fd=0"], 2, "more than 4 network devices are too many"],
] as const)("%j is refused in one line", async (args, code, line) => {
  expect(await runProcess(hello, args)).toEqual({ output: "", errors: `${line}\n`, code, signal: null });
});

test("--help says every option, to whoever wants to read on", async () => {
  const { output, code } = await runProcess(hello, ["--tap=", "--help"].slice(1));
  expect(code).toBe(0);
  for (const option of ["--tap", "--interface", "--fd", "--mac", "--quiet", "--help"])
    expect(output).toContain(`\n  ${option} `);
});

/** Of a link, what is nobody's business but boot code's. */
const hidden = ["file", "ring", "received", "sent", "waiting", "large"];

test("--quiet and the address of a device reach the program", async () => {
  const image = testImage({
    wat: `(func (export "start") ${show("quiet", boot("quiet"))}
      ${Object.entries(linkFields)
        .map(([name, n]) => show(name, `(call $link (i32.const 0) (i32.const ${n}))`))
        .join(" ")} ${show("second", "(call $link (i32.const 1) (i32.const 0))")})`,
  }).elf;
  const { output } = await runProcess(image, ["--quiet", "--fd", "0", "--mac", "02:AB:cd:00:00:09"]);
  expect(output).toBe(
    `quiet=1\nmac=2abcd000009\nmtu=5dc\nflags=1\n${hidden.map((name) => `${name}=0\n`).join("")}second=0\n`,
  );
});

test("why there is no frame is a number of 32 bits", async () => {
  const receive = (link: number) =>
    `(i64.extend_i32_u (call $receive (i32.const ${link}) (i32.const 16) (i32.const 16)))`;
  const image = testImage({
    wat: `(func (export "start") ${show("none", receive(9))} ${show("empty", receive(0))})`,
  });
  // Standard output, which has nothing to read.
  const { output } = await runProcess(image.elf, ["--fd", "1"]);
  expect(output).toBe("none=fffffff7\nempty=fffffff5\n");
});

test("linear memory is the snapshot, zero elsewhere, and private once written", async () => {
  const memory = new Uint8Array(0x400000);
  memory.fill(9, 0x1000, 0x3000);
  memory.set([4], 0x5000);
  memory.fill(7, 0x8000, 0x9000);
  memory.set([5], 0x3fffff);
  const result = await shown({
    memory,
    wat: `(func (export "start")
      ${show("a", load(0x1002))} ${show("b", load(0x4000))} ${show("c", load(0x5000))} ${show("d", load(0x3fffff))}
      (i32.store8 (i32.const 0x1002) (i32.const 7)) ${show("a", load(0x1002))} ${show("e", load(0x8fff))} ${show("e", load(0x9000))}
      ${show("size", "(i64.extend_i32_u (memory.size))")} ${show("more", "(i64.extend_i32_s (memory.grow (i32.const 0)))")}
      ${show("refused", "(i64.extend_i32_s (memory.grow (i32.const 1)))")})`,
  });
  expect(result).toMatchObject({
    a: ["9", "7"],
    b: ["0"],
    c: ["4"],
    d: ["5"],
    e: ["7", "0"],
    size: ["40"],
    more: ["40"],
    refused: ["ffffffffffffffff"],
  });
});

test("a snapshot in many pieces is a few segments", async () => {
  const memory = new Uint8Array(0x200000);
  for (let page = 1; page < 512; page += 2) memory.fill(page & 255, page << 12, (page + 1) << 12);
  const { elf } = testImage({
    memory,
    wat: `(func (export "start") (local $page i32) (local $sum i64) (loop $next
      (local.set $sum (i64.add (local.get $sum) (i64.extend_i32_u (i32.load8_u (i32.shl (local.get $page) (i32.const 12))))))
      (br_if $next (i32.lt_u (local.tee $page (i32.add (local.get $page) (i32.const 1))) (i32.const 512))))
      ${show("sum", "(local.get $sum)")})`,
  });
  expect(elf[56]!).toBeLessThan(80);
  let sum = 0;
  for (let page = 1; page < 512; page += 2) sum += page & 255;
  // `$put` has written into page 0 by then, not before.
  expect((await runProcess(elf)).output).toBe(`sum=${sum.toString(16)}\n`);
});

test("a warm restart gives memory and globals back, those in the file and those that were zero", async () => {
  const memory = new Uint8Array(0x20000);
  memory.fill(0x11, 0x1000, 0x3000);
  memory.fill(0x22, 0x5000, 0x5010);
  const places = [0x1234, 0x5000, 0x8000];
  const result = await shown({
    memory,
    globals: [5n],
    wat: `(global $g (mut i32) (i32.const 0))
      (func (export "start")
      ${places.map((at) => show(`at${at.toString(16)}`, load(at))).join(" ")}
      ${show("global", "(i64.extend_i32_u (global.get $g))")} ${show("trap", boot("trap"))}
      (global.set $g (i32.const 6))
      ${places.map((at) => `(i32.store8 (i32.const ${at}) (i32.const 1))`).join(" ")}
      (if (i64.lt_u ${boot("restarts")} (i64.const 3)) (then (call $restart))))`,
  });
  const four = (value: string) => [value, value, value, value];
  const requested = TRAP_REQUEST.toString(16);
  expect(result).toMatchObject({
    at1234: four("11"),
    at5000: four("22"),
    at8000: four("0"),
    global: four("5"),
  });
  expect(result["trap"]).toEqual(["0", requested, requested, requested]);
});

const deep = `(func $deep (param i32) (result i32)
  (if (result i32) (local.get 0) (then (i32.add (i32.const 1) (call $deep (i32.add (local.get 0) (i32.const 1))))) (else (i32.const 0))))`;

test.each([
  ["unreachable", "unreachable", 0, undefined],
  ["memory", "(drop (i32.load (i32.const 0x10000)))", 1, "10000"],
  ["memory, at the far end", "(i32.store offset=0xffffffff (i32.const -1) (i32.const 1))", 1, "1fffffffe"],
  ["division by zero", "(drop (i32.div_u (i32.const 1) (i32.load (i32.const 4))))", 2, undefined],
  ["stack", "(drop (call $deep (i32.const 1)))", 7, undefined],
  ["a write to code", "(call $store8 (i64.const 0x200100) (i32.const 0xc3))", TRAP_SIGNAL + 11, "200100"],
  [
    "a write to constants",
    "(call $store8 (i64.const CONSTANTS) (i32.const 0xc3))",
    TRAP_SIGNAL + 11,
    undefined,
  ],
  ["page 0", "(call $store8 (i64.const 0x10) (i32.const 0))", TRAP_SIGNAL + 11, "10"],
])("restarts after a trap: %s", async (_, action, code, target) => {
  const program = (constants: number): TestProgram => ({
    wat: `${deep} (func $other (export "other") (nop)) (func $act ${action.replace("CONSTANTS", String(constants))})
      (func (export "start") ${show("restarts", boot("restarts"))}
      ${on(0, "(call $act)")} ${show("trap", boot("trap"))} ${show("target", boot("trapTarget"))})`,
  });
  const result = await shown(program(testImage(program(0x200000)).symbols.get("image.constants")!));
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
  const imports = 10;
  const begin = symbols.get(`wasm.function.${imports + number("function")}`)!;
  expect(begin + number("offset")).toBe(symbols.get("image.compiled")! + number("address"));
});

test("gives up when it restarts again and again without living", async () => {
  const { elf } = testImage({ wat: `(func (export "start") ${say("x")} unreachable)` });
  const { output, errors, code } = await runProcess(elf);
  expect(output).toBe("x".repeat(10));
  expect(errors).toMatch(
    /^it fails again and again: trap 0 in function \d+ \+ 0x[0-9a-f]+, address 0x[0-9a-f]+\n$/,
  );
  expect(code).toBe(1);
});

test("time goes on, and random numbers differ", async () => {
  const result = await shown({
    wat: `(func (export "start") ${show("wall", "(call $time (i32.const 0))")} ${show("now", "(call $time (i32.const 1))")}
      (call $wait (i64.const 20000000) (i32.const 1)) ${show("now", "(call $time (i32.const 1))")}
      (call $wait (i64.const 20000000) (i32.const 0)) ${show("now", "(call $time (i32.const 1))")}
      (call $random (i32.const 16) (i32.const 16)) ${show("random", "(i64.load (i32.const 16))")} ${show("random", "(i64.load (i32.const 24))")})`,
  });
  const wall = BigInt(`0x${result["wall"]![0]}`);
  expect(Math.abs(Number(wall / 1_000_000n) - Date.now())).toBeLessThan(60_000);
  const [before, between, after] = result["now"]!.map((text) => BigInt(`0x${text}`));
  expect(between! - before!).toBeGreaterThanOrEqual(20_000_000n);
  expect(after! - between!).toBeGreaterThanOrEqual(20_000_000n);
  expect(new Set(result["random"]).size).toBe(2);
});

test.each(["SIGTERM", "SIGINT"] as const)("%s ends it, and all is well", async (signal) => {
  const { child, ended } = startProcess(sleeping);
  await once(child.stdout!, "data");
  child.kill(signal);
  expect(await ended).toMatchObject({ code: 0, signal: null, errors: "" });
});

test("goes on when it was stopped, and when nobody reads its console any more", async () => {
  const { child, ended } = startProcess(sleeping);
  await once(child.stdout!, "data");
  child.kill("SIGSTOP");
  child.kill("SIGCONT");
  await once(child.stdout!, "data");
  child.stdout!.destroy();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(child.exitCode).toBeNull();
  child.kill("SIGTERM");
  expect(await ended).toMatchObject({ code: 0 });
});

test("stands behind a filter and has no more than it needs", async () => {
  const { child, ended } = startProcess(sleeping);
  await once(child.stdout!, "data");
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
  expect(status).toMatch(/^Seccomp:\s+2$/m);
  const maps = readFileSync(`/proc/${child.pid}/maps`, "utf8");
  // The kernel's own pages are not in the image.
  for (const line of maps.split("\n").filter((it) => !it.includes("[v"))) expect(line).not.toMatch(/ .wx/);
  child.kill("SIGTERM");
  await ended;
});

/** The image with the number of one system call in a function of boot code replaced: what nobody has written. */
function withCall(image: ReturnType<typeof testImage>, from: keyof typeof calls, to: number): Uint8Array {
  const bytes = Buffer.from(image.elf);
  const place = image.sections.find(({ name }) => name === "boot code")!;
  const begin = place.offset + image.symbols.get("system.random")! - image.symbols.get("image.begin")!;
  const at = bytes.indexOf(Buffer.from([0xb8, calls[from] & 255, calls[from] >> 8, 0, 0, 0x0f, 0x05]), begin);
  expect(at).toBeGreaterThan(begin);
  bytes.writeUInt32LE(to, at + 1);
  return bytes;
}
const random = testImage({
  wat: `(func (export "start") ${say("before")} (call $random (i32.const 16) (i32.const 1)) ${say("after")})`,
});

const others = Object.values(calls).filter((number) => !allowed.some(({ call }) => calls[call] === number));
test.each([39, 57, 59, 0x4000_0000, 1000, ...others])("system call %i kills it", async (number) => {
  expect(await runProcess(withCall(random, "getrandom", number))).toEqual({
    output: "before",
    errors: "",
    code: null,
    signal: "SIGSYS",
  });
});

test("madvise is let through only as it is used", async () => {
  expect(await runProcess(withCall(random, "getrandom", calls.madvise))).toMatchObject({ signal: "SIGSYS" });
});

test("drivers call fields what boot code calls them", () => {
  const text = readFileSync(new URL("drivers/boot-record.ts", import.meta.url), "utf8");
  const found = Object.fromEntries(
    [...text.matchAll(/const (\w+): u(?:32|64) = (\d+)/g)].map(([, name, value]) => [name, Number(value)]),
  );
  const known = Object.fromEntries(Object.entries(linkFields).filter(([name]) => !hidden.includes(name)));
  expect(found).toEqual({ ...fields, ...known, ...linkFlags, TRAP_SIGNAL, TRAP_REQUEST });
});
