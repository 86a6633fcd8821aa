/** All machines that compiled code is tested on. */
import type { NativeMachine } from "./machine.ts";
import { riscv32, riscv64, riscv64b } from "./riscv/machine.ts";
import { pc } from "./x86-64/machine.ts";
import { lx6 } from "./xtensa/machine.ts";

export const machines: readonly NativeMachine[] = [pc, riscv64, riscv64b, riscv32, lx6];
