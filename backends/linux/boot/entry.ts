/** From the kernel to the program: at the first start, and after every restart. */
import { Assembler, memoryBase, regs, type Section, symbols } from "#codegen";
import { copyFrozen } from "../../native/unpack.ts";
import { signals, systemCall } from "./kernel.ts";
import { SIGNAL_STACK_SIZE, WINDOW } from "./layout.ts";
import { PATIENCE } from "./system.ts";
import { complain, type Texts } from "./texts.ts";

const { rax, rdx, rbx, rsp, rbp, rsi, rdi } = regs;

/** arch/x86/include/uapi/asm/signal.h: SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESTORER */
const HANDLER_FLAGS = 0x4 | 0x0800_0000 | 0x4000_0000 | 0x0400_0000;
const SIG_IGN = 1;

export interface Program {
  /** Size of linear memory, in pages of 64 KiB. */
  readonly memoryPages: number;
  /** Size of `image.frozen`, of which the compiled code's writable data (`image.data`) begins as a copy; `image.values` follow. A multiple of 8. */
  readonly frozenSize: number;
  /** Exports that are called, one after the other. The last should not return. */
  readonly calls: readonly string[];
}

/** `boot.start`: where the kernel begins. All that needs more than the filter lets through is done before compiled code runs. */
export function start(): Section {
  const a = new Assembler();
  a.symbol("boot.start");
  a.mov(8, rbx, rsp);
  a.movAddress(rsp, "boot.stack.end");
  a.storeImm(4, { symbol: "boot.patience" }, PATIENCE);
  a.call("boot.arguments");
  a.call("boot.signals");
  a.call("boot.map");
  a.call("boot.seal");
  a.jumpSymbol("boot.run");
  return a.section("boot.start");
}

/** Who deals with signals. No handler returns, so none of them needs a restorer that works. */
export function handlers(): Section {
  const a = new Assembler();
  a.symbol("boot.signals");
  // stack_t { address, flags, size }
  a.pushImm(SIGNAL_STACK_SIZE);
  a.pushImm(0);
  a.movAddress(rax, "boot.signal_stack");
  a.push(rax);
  a.mov(8, rdi, rsp);
  systemCall(a, "sigaltstack", "is there", 0);
  a.alu("add", 8, rsp, { imm: 24 });
  const { ill, bus, fpe, segv, term, int, pipe } = signals;
  action(a, "boot.fault", [ill, bus, fpe, segv]);
  action(a, "boot.asked_to_end", [term, int]);
  // Who reads the console may go away.
  action(a, undefined, [pipe]);
  a.plain("ret");
  return a.section("boot.signals");
}

/** struct sigaction { handler, flags, restorer, mask } */
function action(a: Assembler, handler: string | undefined, which: readonly number[]): void {
  a.pushImm(0);
  a.pushImm(0);
  a.movImm(rax, BigInt(HANDLER_FLAGS));
  a.push(rax);
  if (handler === undefined) a.movImm(rax, BigInt(SIG_IGN));
  else a.movAddress(rax, handler);
  a.push(rax);
  for (const signal of which) {
    a.mov(8, rsi, rsp);
    a.movImm(rdi, BigInt(signal));
    systemCall(a, "rt_sigaction", "is there", "is there", 0, 8);
  }
  a.alu("add", 8, rsp, { imm: 32 });
}

/** `boot.run`: never returns. What the program left in memory must be gone already. */
export function run({ memoryPages, frozenSize, calls }: Program, texts: Texts): Section {
  const a = new Assembler();
  a.symbol("boot.run");
  a.movAddress(rsp, "boot.stack.end");
  copyFrozen(a, frozenSize);
  a.storeImm(4, { symbol: symbols.memoryPages }, memoryPages);
  a.plain("rdtsc");
  a.shift("shl", 8, rdx, 32);
  a.alu("or", 8, rax, rdx);
  a.mov(8, { symbol: "boot.started" }, rax);
  a.movAddress(rsi, "image.packed");
  a.movAddress(regs.r13, "image.packed_end");
  a.movImm(rdi, WINDOW);
  a.call("boot.unpack");
  a.movImm(memoryBase, WINDOW);
  a.alu("xor", 4, rbp, rbp);
  for (const name of calls) a.call(symbols.export(name));
  complain(a, texts, "done", "the program ended");
  return a.section("boot.run");
}
