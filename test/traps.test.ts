/** An appliance with a mistake, running: its console says where the mistake is, on every target in the same way. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { Machine, SECOND, Simulation, Trap } from "#simulate";
import { linesOf } from "../cli/run/console.ts";
import { runIn } from "../cli/run/emulator.ts";
import { startHost } from "../cli/run/host.ts";
import { hostTrace } from "../cli/run/host-trace.ts";
import { runProcess } from "../cli/run/process.ts";
import { backendOf } from "../cli/session.ts";
import { trapTrace } from "../cli/simulate/trap.ts";
import { recordingTerminal } from "../cli/terminal.ts";
import type { Finished } from "../compiler/index.ts";
import { requireQemu } from "../tools/qemu.ts";
import { temporaryFolder } from "./appliance.ts";
import { applProcess, requireBundle } from "./cli-process.ts";
import { appl, applJson } from "./command.ts";
import { shows } from "./shown.ts";
import { builtSlip } from "./slip.ts";

beforeAll(() => {
  requireQemu();
  requireBundle();
});

/** What `appl run` prints until the appliance has failed so often that it is not started again. */
async function console(image: Finished): Promise<string> {
  const { run: emulator, isolate, machines = [] } = backendOf(image.report.backend);
  const terminal = recordingTerminal();
  const common = { terminal, quietOutput: false };
  const running =
    isolate === undefined
      ? runIn(emulator!, image, { ...common, options: { publish: [], machine: machines[0] } })
      : runProcess(image, { ...common, isolate, publish: [] });
  // Some machines have no other way to end than with an error.
  await running.catch(() => undefined);
  return `${terminal.stdout}${terminal.stderr}`.replaceAll("\r", "");
}

interface Code {
  readonly function: string;
  readonly instructions: readonly { readonly offset: number; readonly bytes: string }[];
}

const EXPLAINED =
  /^ {2}at (\S+) \(stdlib\/core\/bytes\.ts:34:54, for stdlib\/slip\/index\.ts:7\), module std\/slip$/;

const told = [
  /restart 1: unreachable in function \d+ \+ 0x[0-9a-f]+, address 0x[0-9a-f]+\n(.*)\n/,
  /restart 9: unreachable in function \d+ \+ 0x[0-9a-f]+, address 0x[0-9a-f]+\n(.*)\n/,
  /it fails again and again.*\n(.*)\n/,
];

describe.each(["kvm", "riscv", "esp32", "linux"])("%s", (target) => {
  let image: Finished;
  let said = "";
  let path: string;
  beforeAll(async () => {
    image = await builtSlip(target);
    said = await console(image);
    path = join(temporaryFolder(), "image");
    writeFileSync(path, image.image);
  });

  test("below each line about a trap is function, line and module", () => {
    for (const line of told) expect(line.exec(said)?.[1], said).toMatch(EXPLAINED);
    // How many there are depends on how fast this machine is just now.
    const about = said.match(/^.*(?: in function |; it fails again|, return to ).*$/gm)!;
    expect(about.length).toBeGreaterThan(9);
    expect(said.match(/^ {2}at .*$/gm)).toHaveLength(about.length);
  });

  test.runIf(target === "kvm")("the manual shows it", () => {
    const page = readFileSync("docs/when-it-traps.md", "utf8");
    const block = /```text\n(restart 1: .* … [\s\S]*?)```/.exec(page)![1]!;
    expect(said).toMatch(shows(block));
  });

  test("the image can be asked later: for a line, a place, a log", async () => {
    const [line, place] = /restart 2: .*(function \d+ \+ 0x[0-9a-f]+).*/.exec(said)!;
    for (const given of [line, place!, place!.replace("function ", "")]) {
      const { code, stdout } = await appl("inspect", path, "--trap", given);
      expect(code).toBe(0);
      expect(`  at ${stdout.trimEnd()}`).toMatch(EXPLAINED);
    }
    const before = said.replace(/^ {2}at .*\n/gm, "");
    const { stdout } = applProcess(["inspect", path, "--trap"], { input: before });
    expect(stdout).toBe(said);
  });

  test("with --json it is data", async () => {
    const [, place] = /restart 1: .*function (\d+ \+ 0x[0-9a-f]+)/.exec(said)!;
    const { traps } = (await applJson("inspect", path, "--trap", place!)) as { traps: unknown };
    expect(traps).toEqual([
      {
        function: expect.stringMatching(/^backends\/|^appliance\/|^stdlib\//),
        module: expect.any(String),
        offset: Number(place!.split(" + ")[1]),
        at: { file: "stdlib/core/bytes.ts", line: 34, column: 54, module: "std/core" },
        near: { file: "stdlib/slip/index.ts", line: 7, column: expect.any(Number), module: "std/slip" },
      },
    ]);
  });

  test("the function can be looked at: the trap is where the line says, below what it was made of", async () => {
    const [, number, offset] = /restart 1: .*function (\d+) \+ 0x0*([0-9a-f]+)/.exec(said)!;
    const { stdout } = await appl("inspect", path, "--disassemble", number!);
    const rows = stdout.split("\n");
    const at = rows.findIndex((row) => row.trimStart().startsWith(`${offset} `));
    expect(rows[at]).toMatch(/ (?:ud2|unimp|ill\.n) +# unreachable$/);
    const place = rows.slice(0, at).findLast((row) => /^\S/.test(row))!;
    expect(place).toBe(
      "stdlib/core/bytes.ts:34, for stdlib/slip/index.ts:7   if (u64(offset) + u64(count) > u64(this.length)) unreachable();",
    );
  });

  test("every byte of every function is part of an instruction, each behind the one before", async () => {
    const { functions } = (await linesOf(image.report))!;
    for (const [number, { name, begin, end }] of functions.entries()) {
      const { code } = (await applJson("inspect", path, "--disassemble", String(number))) as { code: Code };
      expect(code.function).toBe(name);
      let offset = begin;
      for (const each of code.instructions) {
        expect(each).not.toMatchObject({ mnemonic: ".byte" });
        expect(each.offset).toBe(offset);
        offset += each.bytes.length / 2;
      }
      expect(offset).toBe(end);
    }
  });

  test("functions are named by the end of their names; what is meant has to be clear", async () => {
    const named = async (name: string) => await appl("inspect", path, "--disassemble", name);
    expect((await named("loop/index/run")).stdout).toMatch(
      /^backends\/\w+\/drivers\/loop\/index\/run, module /,
    );
    const { functions } = (await linesOf(image.report))!;
    const ends = functions.map(({ name }) => /[^/#]*$/.exec(name)![0]);
    for (const end of new Set(ends)) {
      const { code, stderr } = await named(end);
      const isClear = ends.filter((each) => each === end).length === 1;
      if (isClear) expect(code, end).toBe(0);
      else expect(stderr).toMatch(/` is the end of several names\n {2}say which: \S+, \S+/);
    }
    for (const [name, said] of [
      ["dex/ru", /has no function `dex\/ru`\n {2}say which: \S*loop\/index\/run/],
      ["nowhere", /has no function `nowhere`/],
      ["9999", /has no function 9999\n {2}it has \d+, from 0 on/],
    ] as const)
      expect(await named(name)).toEqual({ code: 1, stdout: "", stderr: expect.stringMatching(said) });
  });

  test("an image that was changed, and places that it has not, are refused in one line", async () => {
    for (const given of ["nothing", "7", "100000 + 0x1"])
      expect(await appl("inspect", path, "--trap", given)).toMatchObject({ code: 1, stdout: "" });
    const other = join(temporaryFolder(), "other");
    writeFileSync(
      other,
      image.image.map((byte, at) => (at === 5000 ? byte ^ 1 : byte)),
    );
    const { code, stderr } = await appl("inspect", other, "--trap", "1 + 0x0");
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("is not as it was built") });
  });
});

test("host says all functions on the way there", async () => {
  const { image, report } = await builtSlip("host");
  const host = await startHost({ wasm: image, publications: [], write: () => undefined });
  const error = await host.ended.then(
    () => undefined,
    (reason: Error) => reason,
  );
  const trace = hostTrace(error!.stack!, image, await linesOf(report))
    .trimEnd()
    .split("\n");
  expect(trace[0]).toMatch(EXPLAINED);
  const path = join(temporaryFolder(), "image.wasm");
  writeFileSync(path, image);
  const { code, stderr } = await appl("inspect", path, "--disassemble", "0");
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("it has no machine code") });
});

test("the simulator ends there, and says all functions on the way", async () => {
  const { image, report } = await builtSlip("kvm", true);
  const simulation = new Simulation();
  const program = new WebAssembly.Module(image as BufferSource);
  new Machine(simulation, { name: report.appliance, program }).switchOn();
  let trap: unknown;
  try {
    simulation.run(60 * SECOND);
  } catch (error) {
    trap = error;
  }
  expect(trap).toBeInstanceOf(Trap);
  const trace = await trapTrace(trap as Trap, [{ image, report }]);
  expect(trace.split("\n")[0]).toMatch(EXPLAINED);
});
