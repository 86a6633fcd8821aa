/** What boot code itself has to say: into the console's ring, and to the hypervisor's log. Then how a guest ends. */
import { Assembler, regs, type Section } from "#codegen";
import { consoleRing, DEBUG_PORT, events, hypercalls, parameters, scheduler, shutdown } from "./layout.ts";

const { rax, rcx, rdx, rsp, rsi, rdi, r8, r9 } = regs;
/** How often the processor is given away for a reader who is slow. */
const PATIENCE = 0x2_0000;

/** rsi: a text that ends with 0. Uses rax, rcx, rdx, rsi, rdi, r8 to r10. */
export function print(): Section {
  const a = new Assembler();
  const [end, lost] = [a.label(), a.label()];
  a.symbol("boot.print");
  a.push(rsi);
  findRing(a);
  a.pop(rsi);
  a.movImm(r8, BigInt(PATIENCE));
  const next = a.here();
  a.mov(1, rax, { base: rsi });
  a.test(1, rax, rax);
  a.jump(end, "e");
  a.movImm(rdx, BigInt(DEBUG_PORT));
  a.plain("out dx, al");
  a.test(8, r9, r9);
  a.jump(lost, "e");
  const full = a.here();
  const room = a.label();
  a.mov(4, rcx, { base: r9, disp: consoleRing.outProducer });
  a.mov(4, rdx, rcx);
  a.alu("sub", 4, rdx, { base: r9, disp: consoleRing.outConsumer });
  a.alu("cmp", 4, rdx, { imm: consoleRing.outSize });
  a.jump(room, "b");
  wait(a, lost);
  a.jump(full);
  a.bind(room);
  a.alu("and", 4, rcx, { imm: consoleRing.outSize - 1 });
  a.mov(1, rax, { base: rsi });
  a.mov(1, { base: r9, index: rcx, disp: consoleRing.out }, rax);
  a.unary("inc", 4, { base: r9, disp: consoleRing.outProducer });
  a.bind(lost);
  a.unary("inc", 8, rsi);
  a.jump(next);
  a.bind(end);
  // Tells the reader.
  a.movImm(rdi, BigInt(parameters.consoleEvent));
  a.call("boot.parameter");
  a.push(rax);
  call(a, hypercalls.events, events.send);
  a.pop(rax);
  a.plain("ret");
  return a.section("boot.print");
}

/** → r9: the ring's address, 0 if there is none. */
function findRing(a: Assembler): void {
  a.movImm(rdi, BigInt(parameters.consoleFrame));
  a.call("boot.parameter");
  a.mov(8, r9, rax);
  a.shift("shl", 8, r9, 12);
}

/** With the argument on the top of the stack. */
function call(a: Assembler, number: number, command: number): void {
  a.movImm(rdi, BigInt(command));
  a.mov(8, rsi, rsp);
  a.movImm(rax, BigInt(number));
  a.call("boot.hypercall");
}

/** Gives the processor away; to `end` when that was done r8 times. Keeps rsi. */
function wait(a: Assembler, end: ReturnType<Assembler["label"]>): void {
  a.test(4, r8, r8);
  a.jump(end, "e");
  a.unary("dec", 4, r8);
  a.push(rsi);
  call(a, hypercalls.scheduler, scheduler.yield);
  a.pop(rsi);
}

/** Ends the guest: switched off, or as one that has crashed, once what it said was read. */
export function stop(): Section {
  const a = new Assembler();
  const [read, ending] = [a.label(), a.label()];
  a.symbol("boot.halt");
  a.pushImm(shutdown.crash);
  a.jump(ending);
  a.symbol("hw.stop");
  a.pushImm(shutdown.powerOff);
  a.bind(ending);
  findRing(a);
  a.movImm(r8, BigInt(PATIENCE));
  a.test(8, r9, r9);
  a.jump(read, "e");
  const again = a.here();
  a.mov(4, rax, { base: r9, disp: consoleRing.outProducer });
  a.alu("cmp", 4, rax, { base: r9, disp: consoleRing.outConsumer });
  a.jump(read, "e");
  wait(a, read);
  a.jump(again);
  a.bind(read);
  call(a, hypercalls.scheduler, scheduler.shutdown);
  const ever = a.here();
  a.plain("hlt");
  a.jump(ever);
  return a.section("hw.stop");
}
