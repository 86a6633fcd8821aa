/** RISC-V processors as Debian's qemu-user emulates them. */
import { rv64 } from "../../isa/riscv/index.ts";
import type { NativeMachine } from "../machine.ts";
import { emptyFunction, harnessSections } from "./harness.ts";

export const riscv64: NativeMachine = {
  isa: rv64,
  elf: "rv64",
  emulator: ["qemu-riscv64"],
  harness: (options) => harnessSections(64, options),
  emptyFunction: (name) => emptyFunction(64, name),
};
