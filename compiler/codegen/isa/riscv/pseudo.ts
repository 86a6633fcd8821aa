/** Names that assemblers have for instructions with certain operands: RISC-V Unprivileged ISA 20240411, chapter 31. */
import type { Parts } from "./decode.ts";

type Rename = readonly [
  mnemonic: string,
  when: (operands: readonly string[]) => boolean,
  to: string,
  operands: (operands: readonly string[]) => readonly string[],
];

const first = ([a = ""]: readonly string[]) => [a];
const firstTwo = ([a = "", b = ""]: readonly string[]) => [a, b];
const withoutSecond = ([a = "", , c = ""]: readonly string[]) => [a, c];
const none = () => [];
const base = ([, address = ""]: readonly string[]) => [/\((\w+)\)/.exec(address)![1]!];
const second = ([, b = ""]: readonly string[]) => [b];
const isZero = (n: number) => (operands: readonly string[]) => operands[n] === "zero";
const is = (n: number, text: string) => (operands: readonly string[]) => operands[n] === text;

/** The first that fits. */
const renames: readonly Rename[] = [
  ["addi", (all) => all.join() === "zero,zero,0", "nop", none],
  ["addi", isZero(1), "li", withoutSecond],
  ["addi", is(2, "0"), "mv", firstTwo],
  ["add.uw", isZero(2), "zext.w", firstTwo],
  ["addiw", is(2, "0"), "sext.w", firstTwo],
  ["xori", is(2, "-1"), "not", firstTwo],
  ["andi", is(2, "255"), "zext.b", firstTwo],
  ["sub", isZero(1), "neg", withoutSecond],
  ["subw", isZero(1), "negw", withoutSecond],
  ["sltiu", is(2, "1"), "seqz", firstTwo],
  ["sltu", isZero(1), "snez", withoutSecond],
  ["slt", isZero(2), "sltz", firstTwo],
  ["slt", isZero(1), "sgtz", withoutSecond],
  ["jal", isZero(0), "j", none],
  ["jal", is(0, "ra"), "jal", none],
  ["jalr", ([to, address]) => to === "zero" && address === "0(ra)", "ret", none],
  ["jalr", ([to, address]) => to === "zero" && address!.startsWith("0("), "jr", base],
  ["jalr", ([to, address]) => to === "ra" && address!.startsWith("0("), "jalr", base],
  ["beq", isZero(1), "beqz", first],
  ["bne", isZero(1), "bnez", first],
  ["bge", isZero(0), "blez", second],
  ["bge", isZero(1), "bgez", first],
  ["blt", isZero(1), "bltz", first],
  ["blt", isZero(0), "bgtz", second],
  ["csrrs", ([, csr, from]) => from === "zero" && /^(cycle|time|instret)h?$/.test(csr!), "rd", first],
  ["csrrs", isZero(2), "csrr", firstTwo],
  ["csrrw", isZero(0), "csrw", (operands) => operands.slice(1)],
  ["csrrs", isZero(0), "csrs", (operands) => operands.slice(1)],
  ["csrrc", isZero(0), "csrc", (operands) => operands.slice(1)],
  ["csrrwi", isZero(0), "csrwi", (operands) => operands.slice(1)],
  ["csrrsi", isZero(0), "csrsi", (operands) => operands.slice(1)],
  ["csrrci", isZero(0), "csrci", (operands) => operands.slice(1)],
];

export function named(parts: Parts): Parts {
  const { mnemonic, operands } = parts;
  const found = renames.find(([name, when]) => name === mnemonic && when(operands));
  if (found === undefined) return parts;
  const [, , to, change] = found;
  const name = to === "rd" ? `rd${operands[1]}` : to;
  return { ...parts, mnemonic: name, operands: change(operands) };
}
