/**
 * What compiled code may ask of the kernel: module `system`, `drivers/system.ts`. Pointers are offsets in linear memory: with a length of 32 bits none
 * reaches out of the window, and what lies behind the end of memory the kernel refuses. Which file is meant is a link's number, never a file's.
 */
import { Assembler, memoryBase, regs, type Section } from "#codegen";
import { failure, systemCall } from "./kernel.ts";
import { exitCodes, FIELD_COUNT, LINK_SIZE, linkFields, linkFlags, MOST_LINKS } from "./layout.ts";
import { flushRing, MOST_IN_SLOT, receiveFromRing, sendToRing } from "./rings.ts";

const { rax, rcx, rdx, rsi, rdi, r8, r10, r11 } = regs;

const OUTPUT = 1;
const POLLIN = 1;
const POLLOUT = 4;
/** POLLERR, POLLHUP, POLLNVAL: nobody has to ask for them. */
const POLL_TROUBLE = 8 | 16 | 32;
/** Nanoseconds that room on standard output is waited for; nothing from when there was none until there is some again. */
export const PATIENCE = 100_000_000;
const SECOND = 1_000_000_000n;
const KNOWN_LINK_FIELDS = 3;

const row = (name: string, write: (a: Assembler) => void): Section => {
  const a = new Assembler();
  a.symbol(`system.${name}`);
  write(a);
  return a.section(`system.${name}`);
};

export const systemFunctions = (): Section[] => [
  row("boot", boot),
  row("link", link),
  row("receive", receive),
  row("transmit", transmit),
  row("gather", gather),
  row("flush", flush),
  row("received", received),
  row("print", print),
  row("time", time),
  row("random", random),
  row("wait", wait),
  row("stop", stop),
];

/** `boot(field) → value`, 0 for a field that is none. */
function boot(a: Assembler): void {
  const none = a.label();
  a.alu("xor", 4, rax, rax);
  a.alu("cmp", 4, rdi, { imm: FIELD_COUNT });
  a.jump(none, "ae");
  a.mov(8, rax, { index: rdi, scale: 8, symbol: "boot.record" });
  a.bind(none);
  a.plain("ret");
}

/** `link(index, field) → value`, 0 for what there is not. */
function link(a: Assembler): void {
  const none = a.label();
  a.alu("xor", 4, rax, rax);
  a.alu("cmp", 4, rdi, { imm: MOST_LINKS });
  a.jump(none, "ae");
  a.alu("cmp", 4, rsi, { imm: KNOWN_LINK_FIELDS });
  a.jump(none, "ae");
  a.imulImm(4, rdi, rdi, LINK_SIZE / 8);
  a.alu("add", 4, rdi, rsi);
  a.mov(8, rax, { index: rdi, scale: 8, symbol: "boot.links" });
  a.bind(none);
  a.plain("ret");
}

/** rdi, the number of a link → its place; the link's number stays in r10. Returns EBADF to the caller if there is none. */
function findLink(a: Assembler): void {
  const there = a.label();
  a.alu("cmp", 4, rdi, { symbol: "boot.links_used" });
  a.jump(there, "b");
  a.movImm(rax, failure("badFile"));
  a.plain("ret");
  a.bind(there);
  a.mov(4, r10, rdi);
  a.imulImm(4, rdi, rdi, LINK_SIZE);
  a.movAddress(rax, "boot.links");
  a.alu("add", 8, rdi, rax);
}

/** `receive(index, pointer, bytes)`: one frame; → bytes, or below 0 the kernel's number of what is wrong. */
function receive(a: Assembler): void {
  const [empty, ask] = [a.label(), a.label()];
  const answer = { index: r10, scale: 8, symbol: "boot.poll", disp: 6 } as const;
  findLink(a);
  a.alu("cmp", 8, { base: rdi, disp: 8 * linkFields.ring }, { imm: 0 });
  a.jump(ask, "e");
  receiveFromRing(a, empty);
  // What is wrong with the socket is told to who reads from it, and is over then.
  a.bind(empty);
  a.movImm(rax, failure("again"));
  a.test(1, answer, { imm: POLL_TROUBLE });
  const trouble = a.label();
  a.jump(trouble, "ne");
  a.plain("ret");
  a.bind(trouble);
  a.storeImm(2, answer, 0);
  a.alu("sub", 8, rsi, memoryBase);
  a.bind(ask);
  // A device keeps many frames; a pair of sockets may keep ten, and who sends is waiting.
  const uncounted = a.label();
  a.push(rdi);
  a.mov(8, rdi, { base: rdi, disp: 8 * linkFields.file });
  a.alu("add", 8, rsi, memoryBase);
  systemCall(a, "read", "is there", "is there", "is there");
  a.pop(rdi);
  a.test(8, rax, rax);
  a.jump(uncounted, "s");
  a.test(1, { base: rdi, disp: 8 * linkFields.flags }, { imm: linkFlags.header });
  a.jump(uncounted, "e");
  a.unary("inc", 4, { symbol: "boot.received" });
  a.bind(uncounted);
  a.mov(4, rax, rax);
  a.plain("ret");
}

/** `transmit(index, pointer, bytes)`: likewise; it may go with the next `flush` only. */
function transmit(a: Assembler): void {
  const one = a.label();
  findLink(a);
  a.alu("cmp", 8, { base: rdi, disp: 8 * linkFields.ring }, { imm: 0 });
  a.jump(one, "e");
  a.alu("xor", 4, r10, r10);
  a.alu("xor", 4, r11, r11);
  a.jumpSymbol("system.to_ring");
  a.bind(one);
  a.mov(8, rdi, { base: rdi, disp: 8 * linkFields.file });
  a.alu("add", 8, rsi, memoryBase);
  systemCall(a, "write", "is there", "is there", "is there");
  a.mov(4, rax, rax);
  a.plain("ret");
}

/**
 * `gather(index, pointer, bytes, tail, tailBytes)`: `transmit` of what lies in two places. What is too long for the ring goes at once, behind what
 * waits there.
 */
function gather(a: Assembler): void {
  const [direct, large] = [a.label(), a.label()];
  const vector = (disp: number) => ({ symbol: "boot.vectors", disp });
  findLink(a);
  a.alu("cmp", 8, { base: rdi, disp: 8 * linkFields.ring }, { imm: 0 });
  a.jump(direct, "e");
  a.rm("lea", 4, rax, { base: rdx, index: r8 });
  a.alu("cmp", 4, rax, { imm: MOST_IN_SLOT });
  a.jump(large, "a");
  a.mov(4, r10, r8);
  a.mov(4, r11, rcx);
  a.symbol("system.to_ring");
  sendToRing(a);
  a.bind(large);
  for (const each of [rdi, rsi, rdx, rcx, r8]) a.push(each);
  a.call("system.flush_ring");
  for (const each of [r8, rcx, rdx, rsi, rdi]) a.pop(each);
  a.bind(direct);
  for (const [n, at, bytes] of [
    [0, rsi, rdx],
    [16, rcx, r8],
  ] as const) {
    a.alu("add", 8, at, memoryBase);
    a.mov(8, vector(n), at);
    a.mov(8, vector(n + 8), bytes);
  }
  a.mov(8, rdi, { base: rdi, disp: 8 * linkFields.large });
  systemCall(a, "writev", "is there", { address: "boot.vectors" }, 2);
  a.mov(4, rax, rax);
  a.plain("ret");
}

/** `received() → frames` of all links, modulo 2^32. */
function received(a: Assembler): void {
  a.mov(4, rax, { symbol: "boot.received" });
  a.plain("ret");
}

/** `flush(index)`: what has been given to `transmit` goes. */
function flush(a: Assembler): void {
  findLink(a);
  a.symbol("system.flush_ring");
  flushRing(a);
}

/** `print(pointer, bytes)` to standard output. Who does not read it is waited for once, and then misses something. */
function print(a: Assembler): void {
  const lost = a.label();
  const output = (disp: number) => ({ symbol: "boot.poll_output", disp });
  a.push(rdi);
  a.push(rsi);
  a.storeImm(4, output(0), OUTPUT);
  a.storeImm(4, output(4), POLLOUT);
  a.storeImm(8, { symbol: "boot.time" }, 0);
  a.mov(4, rax, { symbol: "boot.patience" });
  a.mov(8, { symbol: "boot.time", disp: 8 }, rax);
  systemCall(a, "ppoll", { address: "boot.poll_output" }, 1, { address: "boot.time" }, 0, 0);
  a.pop(rdx);
  a.pop(rsi);
  a.storeImm(4, { symbol: "boot.patience" }, 0);
  a.test(1, output(6), { imm: POLLOUT });
  a.jump(lost, "e");
  a.storeImm(4, { symbol: "boot.patience" }, PATIENCE);
  a.alu("add", 8, rsi, memoryBase);
  systemCall(a, "write", OUTPUT, "is there", "is there");
  a.bind(lost);
  a.plain("ret");
}

/** `time(clock) → ns`: 0 since 1970, all others the monotonic one. */
function time(a: Assembler): void {
  const wall = a.label();
  a.test(4, rdi, rdi);
  a.jump(wall, "e");
  a.movImm(rdi, 1n);
  a.bind(wall);
  systemCall(a, "clock_gettime", "is there", { address: "boot.time" });
  a.imulImm(8, rax, { symbol: "boot.time" }, Number(SECOND));
  a.alu("add", 8, rax, { symbol: "boot.time", disp: 8 });
  a.plain("ret");
}

/** `random(pointer, bytes)`: at most 256 bytes, which come whole. */
function random(a: Assembler): void {
  const again = a.here();
  a.push(rdi);
  a.push(rsi);
  a.alu("add", 8, rdi, memoryBase);
  systemCall(a, "getrandom", "is there", "is there", 0);
  a.pop(rsi);
  a.pop(rdi);
  a.test(8, rax, rax);
  a.jump(again, "s");
  a.plain("ret");
}

/** `wait(ns, listen)`: until that time is over; below 0: however long it takes. With `listen` not 0 only until a frame is there. */
function wait(a: Assembler): void {
  const [next, filled, forever] = [a.label(), a.label(), a.label()];
  a.mov(8, rax, rdi);
  a.alu("xor", 4, rcx, rcx);
  a.mov(4, r8, rsi);
  a.test(4, r8, r8);
  a.jump(filled, "e");
  a.movAddress(rsi, "boot.links");
  a.movAddress(rdi, "boot.poll");
  a.bind(next);
  a.alu("cmp", 4, rcx, { symbol: "boot.links_used" });
  a.jump(filled, "ae");
  a.mov(4, rdx, { base: rsi, disp: 8 * linkFields.file });
  a.mov(4, { base: rdi }, rdx);
  a.storeImm(4, { base: rdi, disp: 4 }, POLLIN);
  a.alu("add", 8, rsi, { imm: LINK_SIZE });
  a.alu("add", 8, rdi, { imm: 8 });
  a.unary("inc", 4, rcx);
  a.jump(next);
  a.bind(filled);
  a.mov(4, r8, rcx);
  a.alu("xor", 4, rdi, rdi);
  a.test(8, rax, rax);
  a.jump(forever, "s");
  a.alu("xor", 4, rdx, rdx);
  a.movImm(rcx, SECOND);
  a.unary("div", 8, rcx);
  a.mov(8, { symbol: "boot.time" }, rax);
  a.mov(8, { symbol: "boot.time", disp: 8 }, rdx);
  a.movAddress(rdi, "boot.time");
  a.bind(forever);
  a.mov(8, rdx, rdi);
  a.mov(4, rsi, r8);
  systemCall(a, "ppoll", { address: "boot.poll" }, "is there", "is there", 0, 0);
  a.plain("ret");
}

/** `stop(trouble)`: the process ends. */
function stop(a: Assembler): void {
  const end = a.label();
  a.test(4, rdi, rdi);
  a.jump(end, "e");
  a.movImm(rdi, BigInt(exitCodes.trouble));
  a.bind(end);
  a.jumpSymbol("boot.exit");
}
