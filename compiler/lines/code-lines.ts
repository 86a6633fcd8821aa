/** What machine code was made of, as a blob beside that of the code. */
import type { FunctionLines } from "#codegen";
import { canonical } from "../store/canonical.ts";
import { decodeVlq, encodeVlq } from "./vlq.ts";

export function encodeCodeLines(functions: readonly FunctionLines[]): Uint8Array {
  return canonical(functions.map(({ body, lines }) => [body, encodeVlq(differences(lines))]));
}

function differences(lines: FunctionLines["lines"]): number[] {
  return lines.flatMap(({ offset, at }, n) => {
    const before = lines[n - 1] ?? { offset: 0, at: 0 };
    return [offset - before.offset, at - before.at];
  });
}

/** Of what `encodeCodeLines` has written. */
export function decodeCodeLines(bytes: Uint8Array): FunctionLines[] {
  const read = JSON.parse(new TextDecoder().decode(bytes)) as [body: number, written: string][];
  return read.map(([body, written]) => {
    const numbers = decodeVlq(written);
    let [offset, at] = [0, 0];
    const lines = Array.from({ length: numbers.length / 2 }, (_, n) => {
      offset += numbers[2 * n]!;
      at += numbers[2 * n + 1]!;
      return { offset, at };
    });
    return { body, lines };
  });
}
