/** Source maps of WebAssembly modules as Binaryen writes them (ECMA-426): one line, whose columns are byte offsets in the module. */
import { decodeVlq } from "./vlq.ts";

export interface Position {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** From this offset on. Without a position: code that no source asked for. */
export interface MappedCode {
  readonly offset: number;
  readonly position: Position | undefined;
}

/** In order of offsets. */
export function readSourceMap(text: string): readonly MappedCode[] {
  const { sources, mappings } = JSON.parse(text) as { sources: string[]; mappings: string };
  let [offset, source, line, column] = [0, 0, 0, 0];
  if (mappings === "") return [];
  return mappings.split(",").map((segment) => {
    const [far, ...place] = decodeVlq(segment);
    offset += far!;
    if (place.length === 0) return { offset, position: undefined };
    source += place[0]!;
    line += place[1]!;
    column += place[2]!;
    return { offset, position: { file: sources[source]!, line: line + 1, column: column + 1 } };
  });
}
