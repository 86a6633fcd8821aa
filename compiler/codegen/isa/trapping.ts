/** Code that is one section and ends with a trap, for every instruction set. */
import type { Section } from "../object/section.ts";
import type { CodeWriter, Label } from "./code-writer.ts";

type TrappingAssembler = CodeWriter & { trap(code: number): void };

/** What `write` writes, and behind it the trap, where `fail` leads. */
export function trappingSection<A extends TrappingAssembler>(
  a: A,
  { symbol, trap, align }: { readonly symbol: string; readonly trap: number; readonly align: number },
  write: (a: A, fail: Label) => void = () => undefined,
): Section {
  const fail = a.label();
  a.symbol(symbol);
  write(a, fail);
  a.bind(fail);
  a.trap(trap);
  return a.section(symbol, "rx", align);
}
