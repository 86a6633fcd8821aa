/** RISC-V processors as Debian's qemu-user emulates them. */
import { rv32, rv64, rv64b } from "../../isa/riscv/index.ts";
import type { NativeMachine } from "../machine.ts";
import { emptyFunction, harnessSections } from "./harness.ts";

export const riscv64: NativeMachine = {
  isa: rv64,
  elf: "rv64",
  emulator: ["qemu-riscv64"],
  harness: (options) => harnessSections(64, options),
  emptyFunction: (name) => emptyFunction(64, name),
};

/** With Zba and Zbb. */
export const riscv64b: NativeMachine = {
  ...riscv64,
  isa: rv64b,
  emulator: ["qemu-riscv64", "-cpu", "rv64,zba=on,zbb=on"],
};

export const riscv32: NativeMachine = {
  isa: rv32,
  elf: "rv32",
  emulator: ["qemu-riscv32"],
  harness: (options) => harnessSections(32, options),
  emptyFunction: (name) => emptyFunction(32, name),
};
