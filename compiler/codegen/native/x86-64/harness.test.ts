import { expect, test } from "vitest";
import { runNative } from "#tools/native-process";
import { Assembler } from "../../isa/x86-64/assembler.ts";
import { r8, r9, r12, rax, rbx, rcx, rdi, rdx, rsi, rsp } from "../../isa/x86-64/regs.ts";
import { nativeProgram } from "../program.ts";
import type { Command } from "../protocol.ts";
import { pc } from "./machine.ts";

/** One section with each function, callable by name. */
function program(functions: Readonly<Record<string, (a: Assembler) => void>>) {
  const a = new Assembler();
  for (const [name, write] of Object.entries(functions)) {
    a.symbol(name);
    write(a);
  }
  const linked = nativeProgram([a.section("test")], pc, { pages: 1, maxPages: 3, moreResults: undefined });
  const call = (name: string, args: readonly bigint[] = [], results = 1): Command => ({
    kind: "call",
    address: linked.symbols.get(name)!,
    args,
    results,
  });
  return { linked, call };
}

test("passes arguments in registers and on the stack, and gives results", () => {
  const { linked, call } = program({
    // 1st * 2^0 + 2nd * 2^4 + … + 9th * 2^32
    digits(a) {
      a.mov(8, rax, rdi);
      for (const [n, from] of [rsi, rdx, rcx, r8, r9].entries()) {
        a.shift("shl", 8, from, 4 * (n + 1));
        a.alu("add", 8, rax, from);
      }
      for (const n of [6, 7, 8]) {
        a.mov(8, rcx, { base: rsp, disp: 8 + 8 * (n - 6) });
        a.shift("shl", 8, rcx, 4 * n);
        a.alu("add", 8, rax, rcx);
      }
      a.plain("ret");
    },
    aligned(a) {
      a.mov(8, rax, rsp);
      a.alu("and", 8, rax, { imm: 15 });
      a.plain("ret");
    },
  });
  const answers = runNative(linked, [
    call("digits", [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n]),
    ...[0, 1, 5, 6, 7, 8, 9].map((n) => call("aligned", Array<bigint>(n).fill(0n))),
  ]);
  expect(answers[0]).toMatchObject({ kind: "values", values: [0x987654321n] });
  for (const answer of answers.slice(1)) expect(answer).toMatchObject({ values: [8n] });
});

test("tells traps apart and goes on after each", () => {
  const { linked, call } = program({
    trap(a) {
      a.plain("ud2");
      a.byte(6);
    },
    divide(a) {
      a.movImm(rcx, 0n);
      a.movImm(rdx, 0n);
      a.unary("div", 4, rcx);
    },
    last(a) {
      a.mov(8, rax, { base: rbx, disp: 65528 });
      a.plain("ret");
    },
    beyond(a) {
      a.movImm(rax, 2n ** 33n - 2n);
      a.mov(8, rax, { base: rbx, index: rax });
    },
    deep(a) {
      a.push(rax);
      a.call("deep");
    },
    wild(a) {
      a.mov(8, rax, { disp: 8 });
    },
    spoils(a) {
      a.movImm(r12, 0n);
      a.plain("ret");
    },
  });
  const names = ["trap", "divide", "last", "beyond", "deep", "last", "wild", "spoils", "last"];
  expect(
    runNative(
      linked,
      names.map((name) => call(name)),
    ),
  ).toMatchObject([
    { kind: "trap", code: 6 },
    { kind: "trap", code: 2 },
    { kind: "values", values: [0n] },
    { kind: "trap", code: 1 },
    { kind: "trap", code: 7 },
    { kind: "values", values: [0n] },
    { kind: "crash", signal: 11, address: 8n },
    { kind: "crash", signal: 0x100 },
    { kind: "values", values: [0n] },
  ]);
});

test("memory is written, read and grown up to its limit", () => {
  const { linked, call } = program({
    peek(a) {
      a.mov(4, rax, { base: rbx, index: rdi });
      a.plain("ret");
    },
  });
  const grow = (delta: bigint): Command => ({ ...call("rt.memory_grow", [delta]) });
  const answers = runNative(linked, [
    { kind: "write", offset: 65532, bytes: Uint8Array.of(1, 2, 3, 4) },
    call("peek", [65532n]),
    call("peek", [65536n]),
    grow(1n),
    call("peek", [65536n]),
    grow(2n),
    grow(1n),
    { kind: "read", offset: 65530, size: 5 },
    { kind: "peek", address: linked.symbols.get("rt.memory_pages")! },
    { kind: "poke", address: linked.symbols.get("rt.memory_pages")!, value: 77n },
    grow(0n),
    { kind: "peek", address: linked.symbols.get("rt.memory_pages")! },
  ]);
  expect(answers).toMatchObject([
    { kind: "values" },
    { values: [0x04030201n] },
    { kind: "trap", code: 1 },
    { values: [1n] },
    { values: [0n] },
    { values: [0xffffffffn] },
    { values: [2n] },
    { kind: "bytes", bytes: Uint8Array.of(0, 0, 1, 2, 3) },
    { values: [3n] },
    { kind: "values" },
    { values: [0xffffffffn] },
    { values: [77n] },
  ]);
});

test("a program that does not come back is given up", () => {
  const { linked, call } = program({
    forever(a) {
      a.jump(a.here());
    },
  });
  expect(runNative(linked, [call("forever")], 0.3)).toEqual([{ kind: "none" }]);
});
