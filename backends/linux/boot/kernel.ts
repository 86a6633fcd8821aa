/** Linux on x86-64, as boot code speaks with it: numbers from include/uapi and arch/x86/entry/syscalls. */
import { type Assembler, regs } from "#codegen";

const { rax, rdi, rsi, rdx, r8, r9, r10 } = regs;

export const calls = {
  read: 0,
  write: 1,
  open: 2,
  close: 3,
  mmap: 9,
  mprotect: 10,
  rt_sigaction: 13,
  ioctl: 16,
  writev: 20,
  madvise: 28,
  socket: 41,
  bind: 49,
  setsockopt: 54,
  fcntl: 72,
  sigaltstack: 131,
  prctl: 157,
  clock_gettime: 228,
  exit_group: 231,
  ppoll: 271,
  seccomp: 317,
  getrandom: 318,
} as const;

export const signals = { int: 2, ill: 4, bus: 7, fpe: 8, segv: 11, pipe: 13, term: 15 } as const;

export const protection = { none: 0, write: 3 } as const;
/** MAP_PRIVATE, MAP_ANONYMOUS, MAP_NORESERVE, MAP_FIXED_NOREPLACE. Before Linux 4.17 the last is not known, and the address is checked. */
export const MAP_HERE = 0x2 | 0x20 | 0x4000 | 0x10_0000;
export const MADV_DONTNEED = 4;

/** Where siginfo has the address that was touched, and ucontext the instruction pointer. */
export const SI_ADDR = 16;
export const UCONTEXT_RIP = 168;

export const errors = {
  interrupted: 4,
  badFile: 9,
  again: 11,
  fault: 14,
  invalid: 22,
  netDown: 100,
} as const;

/** What a function of type i32 gives for an error: its upper half is zero. */
export const failure = (name: keyof typeof errors): bigint => BigInt.asUintN(32, -BigInt(errors[name]));

/** The registers that arguments go to. */
export const argumentRegisters = [rdi, rsi, rdx, r10, r8, r9] as const;

type Argument = number | bigint | { readonly address: string; readonly disp?: number } | "is there";

/** A system call; what `"is there"` stands for has been put into its register before. The result is in rax; rcx and r11 are lost. */
export function systemCall(a: Assembler, name: keyof typeof calls, ...args: readonly Argument[]): void {
  args.forEach((argument, n) => {
    const to = argumentRegisters[n]!;
    if (argument === "is there") return;
    if (typeof argument === "object") a.movAddress(to, argument.address, argument.disp);
    else a.movImm(to, BigInt(argument));
  });
  a.movImm(rax, BigInt(calls[name]));
  a.plain("syscall");
}
