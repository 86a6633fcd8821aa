/** Bodies of functions, cut where numbers of functions, globals and types stand: those are others in another module, and so may be their lengths. */
import type { Unit } from "./unit.ts";
import { type Instruction, readInstruction, readLocals } from "./wasm/instructions.ts";
import { Reader } from "./wasm/reader.ts";
import type { FuncType } from "./wasm/types.ts";

/** Bytes of a body as they are, then what stands for an operand. */
export interface Piece extends Reference {
  readonly start: number;
  readonly end: number;
  /** Bytes of all pieces before this one. */
  readonly before: number;
}

interface Reference {
  readonly kind: "function" | "global" | "text";
  readonly number: number;
  readonly text: string;
}

export class Bodies {
  readonly #unit: Unit;
  readonly #pieces: (readonly Piece[] | undefined)[] = [];

  constructor(unit: Unit) {
    this.#unit = unit;
  }

  pieces(index: number): readonly Piece[] {
    this.#pieces[index] ??= this.#cut(index);
    return this.#pieces[index]!;
  }

  /** The offset in the module of what is so far in the pieces of a function, and the other way round. */
  offsetOf(index: number, place: number): number {
    const piece = this.pieces(index).findLast(({ before }) => before <= place)!;
    return piece.start + place - piece.before;
  }

  placeOf(index: number, offset: number): number {
    const piece = this.pieces(index).findLast(({ start }) => start <= offset)!;
    return piece.before + offset - piece.start;
  }

  #cut(index: number): Piece[] {
    const { bytes, functions } = this.#unit.module;
    const { start, end } = functions[index]!.code!;
    const reader = new Reader(bytes, start, end);
    readLocals(reader);
    const pieces: Piece[] = [];
    let from = start;
    let before = 0;
    const add = (to: number, reference: Reference) => {
      pieces.push({ start: from, end: to, before, ...reference });
      before += to - from;
      from = reader.at;
    };
    while (!reader.done) {
      const inst = readInstruction(reader);
      const reference = this.#reference(inst);
      // Every operation that has such an operand is one byte long.
      if (reference !== undefined) add(inst.at + 1, reference);
    }
    add(end, { kind: "text", number: 0, text: "" });
    return pieces;
  }

  #reference({ opcode: { immediates }, index, index2 }: Instruction): Reference | undefined {
    const { module, facts } = this.#unit;
    const type = () => shownType(module.types[index]!);
    if (immediates === "func") return { kind: "function", number: index, text: "" };
    if (immediates === "global") return { kind: "global", number: index, text: "" };
    if (immediates === "indirect")
      return { kind: "text", number: 0, text: `${facts.typeNumber(index)} ${type()} ${index2}` };
    return immediates === "block" && index !== -1 ? { kind: "text", number: 0, text: type() } : undefined;
  }
}

export const shownType = ({ params, results }: FuncType): string =>
  `(${params.join(" ")}) -> (${results.join(" ")})`;
