/** Machine code as GNU objdump reads it. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { IsaName } from "../index.ts";

export type Dialect = IsaName | "x86-32";

const riscv = (name: string) => ["riscv64-linux-gnu-objdump", "-m", `riscv:${name}`] as const;

/** LX106, which lacks some of what LX6 has. */
const xtensa = ["xtensa-lx106-elf-objdump", "-m", "xtensa"] as const;

const commands: Readonly<Record<Dialect, readonly [program: string, ...string[]]>> = {
  "x86-64": ["objdump", "-m", "i386:x86-64", "-M", "intel"],
  "x86-32": ["objdump", "-m", "i386", "-M", "intel"],
  rv64: riscv("rv64"),
  // Without an ELF file that says so it does not take Zba and Zbb for granted.
  rv64b: riscv("rv64"),
  rv32: riscv("rv32"),
  xtensa,
  "xtensa-mulhigh": xtensa,
};

/** One text for each instruction, by its offset: without comments, spaces folded. */
export function objdump(dialect: Dialect, bytes: Uint8Array): Map<number, string> {
  const folder = mkdtempSync(join(tmpdir(), "appl-objdump-"));
  try {
    const file = join(folder, "code.bin");
    writeFileSync(file, bytes);
    const [program, ...words] = commands[dialect];
    const text = execFileSync(
      program,
      ["-D", "-b", "binary", ...words, "-z", "-w", "--no-show-raw-insn", file],
      { encoding: "utf8", maxBuffer: 1 << 28 },
    );
    const rows = [...text.matchAll(/^\s*([0-9a-f]+):\s+(.*)$/gm)];
    return new Map(rows.map(([, at, line]) => [Number.parseInt(at!, 16), tidy(line!)]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const tidy = (line: string): string =>
  line
    .replace(/\s+[#<(].*$/, "")
    .replace(/\s+/g, " ")
    .trim();

export const disassemble = (dialect: Dialect, bytes: Uint8Array): string[] => [
  ...objdump(dialect, bytes).values(),
];

/** Of RISC-V it says `add` for `addi`, but not always: lines to compare have none. */
export const withoutI = (line: string): string =>
  line.replace(/^(add|xor|or|and|slt|sll|srl|sra)i(u|w)?\b/, "$1$2");
