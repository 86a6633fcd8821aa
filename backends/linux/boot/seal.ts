/** The system calls that are left once compiled code runs: a seccomp filter (Linux, Documentation/userspace-api/seccomp_filter.rst). */
import { Assembler, dataSection, regs, type Section } from "#codegen";
import { calls, MADV_DONTNEED, systemCall } from "./kernel.ts";
import { complain, reason, type Texts } from "./texts.ts";

/** Those that are made for every packet first. A call with `argument` must have exactly this value there. */
export const allowed: readonly Allowed[] = [
  { call: "read" },
  { call: "write" },
  { call: "writev" },
  { call: "ppoll" },
  { call: "clock_gettime" },
  { call: "getrandom" },
  { call: "exit_group" },
  { call: "madvise", argument: { index: 2, value: MADV_DONTNEED } },
];
interface Allowed {
  readonly call: keyof typeof calls;
  readonly argument?: { readonly index: number; readonly value: number };
}

/** include/uapi/linux/{filter,seccomp,audit,prctl}.h */
const bpf = { load: 0x20, jumpIfEqual: 0x15, end: 0x06 } as const;
const AUDIT_ARCH_X86_64 = 0xc000_003e;
const SECCOMP_RET_KILL_PROCESS = 0x8000_0000;
const SECCOMP_RET_ALLOW = 0x7fff_0000;
const SECCOMP_SET_MODE_FILTER = 1;
const PR_SET_NO_NEW_PRIVS = 38;
const data = { number: 0, architecture: 4, arguments: 16 } as const;

/** struct sock_fprog and its program. */
export function filter(): Section {
  const program: [code: number, whenTrue: number, whenFalse: number, value: number][] = [];
  const kill = () => program.push([bpf.end, 0, 0, SECCOMP_RET_KILL_PROCESS]);
  const allow = () => program.push([bpf.end, 0, 0, SECCOMP_RET_ALLOW]);
  program.push([bpf.load, 0, 0, data.architecture], [bpf.jumpIfEqual, 1, 0, AUDIT_ARCH_X86_64]);
  kill();
  program.push([bpf.load, 0, 0, data.number]);
  for (const { call, argument } of allowed) {
    program.push([bpf.jumpIfEqual, 0, argument === undefined ? 1 : 4, calls[call]]);
    if (argument !== undefined) {
      // The low half: none of these arguments has more.
      program.push([bpf.load, 0, 0, data.arguments + 8 * argument.index]);
      program.push([bpf.jumpIfEqual, 1, 0, argument.value]);
      kill();
    }
    allow();
  }
  kill();
  const head = 16;
  const view = new DataView(new ArrayBuffer(head + 8 * program.length));
  view.setUint16(0, program.length, true);
  program.forEach(([code, whenTrue, whenFalse, value], n) => {
    const at = head + 8 * n;
    view.setUint16(at, code, true);
    view.setUint8(at + 2, whenTrue);
    view.setUint8(at + 3, whenFalse);
    view.setUint32(at + 4, value, true);
  });
  return dataSection("boot.filter", "r", 8, new Uint8Array(view.buffer), undefined, [
    { offset: 8, kind: "abs64", symbol: "boot.filter", addend: head },
  ]);
}

/** From here on every other system call ends the process, at once and for good. */
export function seal(texts: Texts): Section {
  const a = new Assembler();
  const fine = a.label();
  a.symbol("boot.seal");
  systemCall(a, "prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  systemCall(a, "seccomp", SECCOMP_SET_MODE_FILTER, 0, { address: "boot.filter" });
  a.test(8, regs.rax, regs.rax);
  a.jump(fine, "e");
  complain(a, texts, "trouble", "cannot give up other system calls (seccomp): ", reason);
  a.bind(fine);
  a.plain("ret");
  return a.section("boot.seal");
}
