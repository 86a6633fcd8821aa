/** Reads commands, carries them out and answers, as `protocol.ts` says. s0, s1 and s2 hold a command meanwhile. */
import { memoryBase, registerFile } from "../../isa/riscv/abi.ts";
import { wordLoad, wordStore } from "../../isa/riscv/context.ts";
import * as r from "../../isa/riscv/regs.ts";
import { ANSWER_BYTES, COMMAND_BYTES, CRASH, numbers, SPOILT_REGISTER } from "../protocol.ts";
import { type Ground, STACK, STACK_GUARD, syscalls } from "./process.ts";

/** What every callee-saved register holds before a call, and must hold after it. */
const GARBAGE = 0x5a5a_1234n;
const kept = registerFile.calleeSaved;

export function loop(g: Ground): void {
  const { a } = g;
  const next = a.here();
  a.la(r.a1, "native.command");
  a.li(r.a2, BigInt(COMMAND_BYTES));
  a.call("native.read");
  g.load(r.t0, "native.command");
  g.load(r.s0, "native.command", 8);
  g.load(r.s1, "native.command", 16);
  g.load(r.s2, "native.command", 24);
  a.la(r.t1, "native.answer");
  for (let at = 0; at < 32; at += 4) a.store("sw", r.zero, r.t1, at);
  for (const [kind, carryOut] of Object.entries({ call, peek, poke, write, read })) {
    const other = a.label();
    a.li(r.t1, BigInt(numbers[kind as keyof typeof numbers]));
    a.branch("ne", r.t0, r.t1, other);
    carryOut(g);
    a.jump(next);
    a.bind(other);
  }
  a.trap(0);
  send(g);
  receive(g);
}

/** s0: where, s1: how many arguments. */
function call(g: Ground): void {
  const { a } = g;
  const word = g.xlen / 8;
  a.la(r.a1, "native.args");
  a.shift("slli", r.a2, r.s1, 3);
  a.call("native.read");
  g.store(r.sp, "native.saved");
  g.load(r.sp, "native.stack");
  a.li(r.t0, BigInt(STACK + STACK_GUARD));
  a.r("add", r.sp, r.sp, r.t0);
  // Those behind the eighth go to the stack, which stays aligned.
  const passed = a.label();
  a.la(r.t0, "native.args");
  a.i("addi", r.t1, r.s1, -8);
  a.branch("ge", r.zero, r.t1, passed);
  a.i("addi", r.t2, r.t1, 3);
  a.i("andi", r.t2, r.t2, -4);
  a.shift("slli", r.t2, r.t2, word === 8 ? 3 : 2);
  a.r("sub", r.sp, r.sp, r.t2);
  a.i("addi", r.t2, r.t0, 64);
  a.mv(r.t3, r.sp);
  const more = a.here();
  a.load(wordLoad(a), r.t4, r.t2);
  a.store(wordStore(a), r.t4, r.t3);
  a.i("addi", r.t2, r.t2, 8);
  a.i("addi", r.t3, r.t3, word);
  a.i("addi", r.t1, r.t1, -1);
  a.branch("ne", r.t1, r.zero, more);
  a.bind(passed);
  a.csr("csrrs", r.t1, "cycle", r.zero);
  g.answer(r.t1, 1);
  [r.a0, r.a1, r.a2, r.a3, r.a4, r.a5, r.a6, r.a7].forEach((reg, n) => {
    a.load(wordLoad(a), reg, r.t0, 8 * n);
  });
  a.mv(r.t0, r.s0);
  for (const reg of kept) a.li(reg, GARBAGE);
  a.callTo(r.t0);
  g.resultRegisters.forEach((reg, n) => {
    g.answer(reg, 2 + n);
  });
  a.csr("csrrs", r.t1, "cycle", r.zero);
  g.load(r.t2, "native.answer", 8);
  a.r("sub", r.t1, r.t1, r.t2);
  g.answer(r.t1, 1);
  const spoilt = a.label();
  const send = a.label();
  a.li(r.t1, GARBAGE);
  for (const reg of kept) a.branch("ne", reg, r.t1, spoilt);
  g.load(r.sp, "native.saved");
  g.load(r.s2, "native.command", 24);
  copyMoreResults(g);
  a.jump(send);
  a.bind(spoilt);
  a.li(r.t1, BigInt(CRASH + SPOILT_REGISTER));
  g.answer(r.t1, 0);
  a.symbol("native.landing");
  g.load(r.sp, "native.saved");
  g.load(memoryBase, "native.base");
  g.load(r.s2, "native.command", 24);
  a.bind(send);
  a.call("native.send");
}

/** s2: how many results. */
function copyMoreResults(g: Ground): void {
  const { a } = g;
  if (g.options.moreResults === undefined) return;
  const done = a.label();
  a.la(r.t0, g.options.moreResults);
  const inRegisters = g.resultRegisters.length;
  a.la(r.t1, "native.answer", ANSWER_BYTES + 8 * inRegisters);
  a.i("addi", r.t2, r.s2, -inRegisters);
  const loop = a.here();
  a.branch("ge", r.zero, r.t2, done);
  for (const half of [0, 4]) {
    a.load("lw", r.t3, r.t0, half);
    a.store("sw", r.t3, r.t1, half);
  }
  a.i("addi", r.t0, r.t0, 8);
  a.i("addi", r.t1, r.t1, 8);
  a.i("addi", r.t2, r.t2, -1);
  a.jump(loop);
  a.bind(done);
}

function peek(g: Ground): void {
  const { a } = g;
  for (const half of [0, 4]) {
    a.load("lw", r.t0, r.s0, half);
    a.storeTo("sw", r.t0, "native.answer", r.t6, ANSWER_BYTES + half);
  }
  a.li(r.s2, 1n);
  a.call("native.send");
}

function poke(g: Ground): void {
  const { a } = g;
  a.mv(r.a1, r.s0);
  a.li(r.a2, 8n);
  a.call("native.read");
  a.li(r.s2, 0n);
  a.call("native.send");
}

function write(g: Ground): void {
  const { a } = g;
  a.r("add", r.a1, memoryBase, r.s0);
  a.mv(r.a2, r.s1);
  a.call("native.read");
  a.li(r.s2, 0n);
  a.call("native.send");
}

function read(g: Ground): void {
  const { a } = g;
  a.la(r.a1, "native.answer");
  a.li(r.a2, BigInt(ANSWER_BYTES));
  a.call("native.write");
  a.r("add", r.a1, memoryBase, r.s0);
  a.mv(r.a2, r.s1);
  a.call("native.write");
}

/** Sends the answer with s2 values, at least two: a crash has as many. */
function send(g: Ground): void {
  const { a } = g;
  a.symbol("native.send");
  const enough = a.label();
  a.li(r.t0, 2n);
  a.branch("geu", r.s2, r.t0, enough);
  a.mv(r.s2, r.t0);
  a.bind(enough);
  a.la(r.a1, "native.answer");
  a.shift("slli", r.a2, r.s2, 3);
  a.i("addi", r.a2, r.a2, ANSWER_BYTES);
  // a1, a2: everything goes out, in as many pieces as the pipe takes.
  a.symbol("native.write");
  transfer(g, syscalls.write, 1);
}

/** a1, a2: all of it comes in; the end of the input ends the program. */
function receive(g: Ground): void {
  g.a.symbol("native.read");
  transfer(g, syscalls.read, 0);
}

/** a1: address, a2: bytes */
function transfer(g: Ground, number: number, file: number): void {
  const { a } = g;
  const go = a.label();
  const done = a.label();
  const piece = a.here();
  a.branch("ne", r.a2, r.zero, go);
  a.ret();
  a.bind(go);
  a.li(r.a0, BigInt(file));
  g.syscall(number);
  a.branch("ge", r.zero, r.a0, done);
  a.r("add", r.a1, r.a1, r.a0);
  a.r("sub", r.a2, r.a2, r.a0);
  a.jump(piece);
  a.bind(done);
  a.li(r.a0, 0n);
  g.syscall(syscalls.exit);
}
