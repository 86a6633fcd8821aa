/** Where sections of code come to lie, one behind the other: whoever links them places them so. */
import type { Section } from "#codegen";

export interface Span {
  /** The first symbol. */
  readonly name: string;
  /** From the start of the first one. */
  readonly start: number;
  /** With the padding behind it, but for the last one. */
  readonly size: number;
  /** From the first symbol to the end of what is stored, from its own start. */
  readonly begin: number;
  readonly end: number;
}

export function codeSpans(sections: readonly Section[]): Span[] {
  let end = 0;
  const placed = sections
    .filter(({ access }) => access === "rx")
    .map(({ align, size, symbols, bytes }) => {
      const start = Math.ceil(end / align) * align;
      end = start + size;
      const [first] = symbols;
      return { name: first?.name ?? "", start, begin: first?.offset ?? 0, end: bytes.length };
    });
  return placed.map((each, n) => ({ ...each, size: (placed[n + 1]?.start ?? end) - each.start }));
}
