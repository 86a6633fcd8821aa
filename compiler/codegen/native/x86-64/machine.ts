/** This machine. */
import { x86_64 } from "../../isa/x86-64/index.ts";
import type { NativeMachine } from "../machine.ts";
import { emptyFunction, harnessSections } from "./harness.ts";

export const pc: NativeMachine = {
  isa: x86_64,
  elf: "x86-64",
  emulator: undefined,
  harness: harnessSections,
  emptyFunction,
};
