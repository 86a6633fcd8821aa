/** Xtensa as Debian's qemu-user emulates it: `de212` is the core that is nearest to ESP32's. */
import { xtensa } from "../../isa/xtensa/index.ts";
import type { NativeMachine } from "../machine.ts";
import { emptyFunction, harnessSections } from "./harness.ts";

export const lx6: NativeMachine = {
  isa: xtensa,
  elf: "xtensa",
  emulator: ["qemu-xtensa", "-cpu", "de212", "-xtensa-abi-call0"],
  harness: harnessSections,
  emptyFunction,
};
