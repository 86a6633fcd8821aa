import binaryen from "binaryen";
import { describe, expect, test } from "vitest";
import { type KernelName, kernelWasm } from "../../bench/kernel-source.ts";
import { compile } from "./compile.ts";
import { leaksOf, secretFunctions } from "./constant-time.ts";
import { buildFunction } from "./frontend/build.ts";
import { contextOf } from "./frontend/context.ts";
import { factsOf } from "./isa/data.ts";
import { type IsaName, isas } from "./isa/index.ts";
import { disassemble } from "./isa/testing/objdump.ts";
import type { SectionSymbol } from "./object/section.ts";
import { optimize } from "./passes/index.ts";
import type { Func } from "./ssa/func.ts";
import { parseFunc } from "./ssa/parse.ts";
import { parseModule } from "./wasm/decode.ts";

const assemble = (text: string): Uint8Array => binaryen.parseText(text).emitBinary();

const names = Object.keys(isas) as IsaName[];

describe("machine code of the cryptographic kernels", () => {
  const kernels: readonly KernelName[] = ["chacha20-poly1305", "x25519"];
  const each = names.flatMap((name) => kernels.map((kernel) => [name, kernel] as const));

  test.each(each)("%s: %s branches only where a public number decides", async (name, kernel) => {
    const wasm = await kernelWasm(kernel);
    // It would be refused.
    compile(wasm, name);
    const funcs = secretFuncs(wasm, name);
    expect(funcs.length).toBeGreaterThan(4);
    expect(leaksOf(funcs)).toEqual([]);
    const { selects, machine, ssa } = branchesOf(funcs, wasm, name);
    expect(selects).toBeGreaterThan(1);
    expect(machine).toEqual(ssa);
  });
});

describe("the tests can fail", () => {
  /** Of two numbers in memory the greater one: by a select, or by a branch. */
  const greater = (choose: string) => `(module
    (import "math" "secret" (func $secret))
    (memory 1)
    (func (export "f") (param i32) (result i32) (local i32 i32)
      (call $secret)
      (local.set 1 (i32.load (local.get 0)))
      (local.set 2 (i32.load offset=4 (local.get 0)))
      ${choose}))`;
  const select = greater("(select (local.get 1) (local.get 2) (i32.gt_u (local.get 1) (local.get 2)))");
  const branch = greater(
    `(if (result i32) (i32.gt_u (local.get 1) (local.get 2))
      (then (local.get 1)) (else (i32.xor (local.get 2) (i32.load offset=8 (local.get 0)))))`,
  );

  test.each(names)("%s: a select is none, a branch is one", (name) => {
    const chosen = branchesOf(secretFuncs(assemble(select), name), assemble(select), name);
    expect(chosen).toMatchObject({ selects: 1, machine: chosen.ssa });
    const branched = branchesOf(secretFuncs(assemble(branch), name), assemble(branch), name);
    // As if the select of the one had become the branch of the other.
    expect(branched.machine).not.toEqual(chosen.ssa);
  });

  test("compile refuses the branch and names the function", () => {
    expect(() => compile(assemble(branch), "rv64")).toThrow(/secret, but a branch depends on what it reads/);
    expect(() => compile(assemble(select), "rv64")).not.toThrow();
  });
});

describe("what is refused", () => {
  const leaks = (text: string) => leaksOf([parseFunc(text)]).map(({ what }) => what);

  test.each([
    ["the address of an access", "v1 = load.i32 v0 bytes=4\n  v2 = load.i32 v1 bytes=4"],
    ["the time of a division", "v1 = load.i32 v0 bytes=4\n  v2 = div_u.i32 v0, v1"],
    ["memory.fill", "v1 = load.i32 v0 bytes=4\n  memory.fill v0, v0, v1"],
  ])("%s", (what, body) => {
    expect(leaks(`func f(i32)\nb0(v0: i32):\n  ${body}\n  return\n`)).toEqual([what]);
  });

  test("what is computed from arguments is public, and what is stored may be secret", () => {
    const body = "v1 = load.i32 v0 bytes=4\n  store v0, v1 bytes=4 offset=4\n  v2 = div_u.i32 v0, v0";
    expect(leaks(`func f(i32)\nb0(v0: i32):\n  ${body}\n  return\n`)).toEqual([]);
  });

  test("through a call, a parameter of a block and a global", () => {
    const module = (inner: string) =>
      assemble(`(module (import "math" "secret" (func $secret)) (memory 1) (global $g (mut i32) (i32.const 0))
        (func $inner (param i32) (result i32) ${inner})
        (func (export "f") (param i32) (result i32)
          (call $secret)
          (global.set $g (i32.load (local.get 0)))
          (call $inner (i32.load8_u (local.get 0)))))`);
    expect(() => compile(module("(local.get 0)"), "rv64")).not.toThrow();
    expect(() => compile(module("(i32.div_u (i32.const 7) (local.get 0))"), "rv64")).toThrow(/division/);
    expect(() => compile(module("(i32.load (global.get $g))"), "rv64")).toThrow(/address/);
  });
});

function secretFuncs(wasm: Uint8Array, name: IsaName): Func[] {
  const module = parseModule(wasm);
  const context = contextOf(module, isas[name]);
  return [...secretFunctions(module)].map((index) => {
    const func = buildFunction(module, index);
    optimize(func, context);
    return func;
  });
}

/** By functions: conditional branches of machine code, and those that SSA has. */
function branchesOf(funcs: readonly Func[], wasm: Uint8Array, name: IsaName) {
  const facts = factsOf(parseModule(wasm));
  const count = (func: Func, ops: RegExp) =>
    func.blocks.flatMap(({ insts }) => insts).filter(({ op }) => ops.test(op)).length;
  const ssa = funcs.map((func) => `${func.name}: ${count(func, /^br_/)}`);
  const selects = funcs.reduce((sum, func) => sum + count(func, /^select$/), 0);
  const machine = funcs.map((func) => {
    const code = isas[name].compileFunction(func, facts).find(({ access }) => access === "rx")!;
    // Before the symbol stand constants.
    const [{ offset }] = code.symbols as [SectionSymbol];
    const lines = disassemble(name, code.bytes.subarray(offset));
    const branches = lines.filter((line) => conditional[name].test(line));
    return `${func.name}: ${branches.length}`;
  });
  return { selects, machine, ssa };
}

/** How objdump names what branches on a condition. */
const riscv = /^b(eq|ne|lt|ge|gt|le)/;
const conditional: Readonly<Record<IsaName, RegExp>> = {
  "x86-64": /^(j(?!mp)|loop)/,
  rv64: riscv,
  rv64b: riscv,
  rv32: riscv,
  xtensa: /^(b(?!reak)|loop)/,
  "xtensa-mulhigh": /^(b(?!reak)|loop)/,
};
