/** Descriptor tables for good: segments, the task state with the fault stack, and the gates (Intel SDM volume 3, 3.4, 6.14, 7.7). */
import { Assembler, regs, type Section } from "#codegen";
import { DEVICE_ENTRY_SIZE, faults } from "./faults.ts";
import { loop } from "./idioms.ts";
import { DEVICE_VECTORS, FIRST_VECTOR, SPURIOUS_VECTOR, selectors } from "./layout.ts";

const { rax, rcx, rdx, rsi, rdi } = regs;
export const TASK_SIZE = 104;
export const GATES = SPURIOUS_VECTOR + 1;
/** Offset of the first interrupt stack in the task state segment. */
const IST1 = 36;
const PRESENT_INTERRUPT_GATE = 0x8e;

export function descriptors(): Section {
  const a = new Assembler();
  a.symbol("boot.descriptors");
  // The task's descriptor is written to when it is loaded, so the table is a copy in writable memory.
  a.movAddress(rsi, "boot.gdt");
  a.movAddress(rdi, "boot.gdt_copy");
  a.movImm(rcx, 3n);
  a.plain("rep movsq");
  a.movAddress(rax, "boot.task");
  a.storeImm(2, { base: rdi }, TASK_SIZE - 1);
  a.mov(2, { base: rdi, disp: 2 }, rax);
  a.shift("shr", 4, rax, 16);
  a.mov(1, { base: rdi, disp: 4 }, rax);
  a.storeImm(1, { base: rdi, disp: 5 }, 0x89);
  a.shift("shr", 4, rax, 8);
  a.mov(1, { base: rdi, disp: 7 }, rax);
  a.movAddress(rax, "boot.fault_stack.end");
  a.mov(8, { symbol: "boot.task", disp: IST1 }, rax);
  // A task without an I/O permission map: it would begin behind the segment's end.
  a.storeImm(2, { symbol: "boot.task", disp: 102 }, TASK_SIZE);
  for (const [vector] of faults) {
    a.movAddress(rax, `boot.fault_${vector}`);
    a.movImm(rdx, 1n);
    a.movImm(rsi, BigInt(vector));
    a.call("boot.gate");
  }
  a.alu("xor", 4, rdx, rdx);
  a.movAddress(rdi, "boot.device_0");
  a.movImm(rsi, BigInt(FIRST_VECTOR));
  loop(a, DEVICE_VECTORS + 1, () => {
    a.mov(4, rax, rdi);
    a.call("boot.gate");
    a.alu("add", 4, rdi, { imm: DEVICE_ENTRY_SIZE });
    a.unary("inc", 4, rsi);
  });
  a.system("lgdt", { symbol: "boot.tables_at" });
  a.system("lidt", { symbol: "boot.tables_at", disp: 10 });
  a.movImm(rax, BigInt(selectors.task));
  a.system("ltr", rax);
  a.plain("ret");
  return a.section("boot.descriptors");
}

/** rsi: vector; rax: its entry; rdx: number of the interrupt stack, 0 for the current one. */
export function gate(): Section {
  const a = new Assembler();
  a.symbol("boot.gate");
  a.push(rsi);
  a.shift("shl", 4, rsi, 4);
  const at = (disp: number) => ({ index: rsi, symbol: "boot.gates", disp });
  a.mov(2, at(0), rax);
  a.storeImm(2, at(2), selectors.code);
  a.mov(1, at(4), rdx);
  a.storeImm(1, at(5), PRESENT_INTERRUPT_GATE);
  a.shift("shr", 4, rax, 16);
  a.mov(2, at(6), rax);
  a.pop(rsi);
  a.plain("ret");
  return a.section("boot.gate");
}

/** The two pointers that `lgdt` and `lidt` read. */
export function pointers(): Section {
  const a = new Assembler();
  a.symbol("boot.tables_at");
  a.u16(5 * 8 - 1);
  a.address("boot.gdt_copy", "abs64");
  a.u16(GATES * 16 - 1);
  a.address("boot.gates", "abs64");
  return a.section("boot.tables_at", "rx", 2);
}
