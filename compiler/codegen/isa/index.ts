/** All instruction sets by their names. */
import { rv32, rv64, rv64b } from "./riscv/index.ts";
import { x86_64 } from "./x86-64/index.ts";
import { xtensa, xtensaHigh } from "./xtensa/index.ts";

export const isas = {
  "x86-64": x86_64,
  rv64,
  rv64b,
  rv32,
  xtensa,
  "xtensa-mulhigh": xtensaHigh,
} as const;

export type IsaName = keyof typeof isas;
