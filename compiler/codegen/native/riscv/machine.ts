/** RISC-V processors as Debian's qemu-user emulates them. */
import { rv32, rv64 } from "../../isa/riscv/index.ts";
import type { NativeMachine } from "../machine.ts";
import { emptyFunction, harnessSections } from "./harness.ts";

export const riscv64: NativeMachine = {
  isa: rv64,
  elf: "rv64",
  emulator: ["qemu-riscv64"],
  harness: (options) => harnessSections(64, options),
  emptyFunction: (name) => emptyFunction(64, name),
};

export const riscv32: NativeMachine = {
  isa: rv32,
  elf: "rv32",
  emulator: ["qemu-riscv32"],
  harness: (options) => harnessSections(32, options),
  emptyFunction: (name) => emptyFunction(32, name),
};
