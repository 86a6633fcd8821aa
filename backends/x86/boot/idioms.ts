/** Turns of phrase of boot code. */
import { type Assembler, regs } from "#codegen";

/** Runs `body` `count` times; rcx counts down and may be read. */
export function loop(a: Assembler, count: number, body: () => void): void {
  a.movImm(regs.rcx, BigInt(count));
  const again = a.here();
  body();
  a.unary("dec", 4, regs.rcx);
  a.jump(again, "ne");
}
