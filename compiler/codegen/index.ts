/** The door of the code generator: WebAssembly in, sections of machine code out; and the assembler for those who write boot code. */

export { compile, compileWith } from "./compile.ts";
export type { CompiledModule, FunctionLines } from "./compiled-module.ts";
export { type Compiled, type Crew, type Job, type Shift, workOff } from "./crew.ts";
export type { Decode, Decoded } from "./isa/decoded.ts";
export { type IsaName, isas } from "./isa/index.ts";
export { Assembler as RiscvAssembler } from "./isa/riscv/assembler.ts";
export { riscvHoles } from "./isa/riscv/holes.ts";
export * as riscvRegs from "./isa/riscv/regs.ts";
export { copyForwards as copyRiscv } from "./isa/riscv/runtime.ts";
export { symbols } from "./isa/symbols.ts";
export { memoryBase } from "./isa/x86-64/abi.ts";
export { Assembler, type Label } from "./isa/x86-64/assembler.ts";
export * as regs from "./isa/x86-64/regs.ts";
export { Assembler as XtensaAssembler } from "./isa/xtensa/assembler.ts";
export { xtensaHoles } from "./isa/xtensa/holes.ts";
export * as xtensaRegs from "./isa/xtensa/regs.ts";
export { copyForwards as copyXtensa } from "./isa/xtensa/runtime.ts";
export { carryOut as carryOutUnaligned } from "./isa/xtensa/unaligned.ts";
export type { FunctionCache, KeptSection } from "./known-functions.ts";
export { type Linked, type LinkOptions, link, type Segment } from "./object/link.ts";
export { type Access, dataSection, type Relocation, type Section, zeroSection } from "./object/section.ts";
export { trapCodes } from "./ssa/types.ts";
export { UnsupportedError } from "./wasm/error.ts";
