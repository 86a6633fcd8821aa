/** The machine code of one function of an image as text, each instruction with what it was made of. */
import type { Decode, Decoded } from "#codegen";
import type { MapRow } from "../build/backend.ts";
import type { Lines, Place } from "./document.ts";
import { findCode } from "./find.ts";

export interface ListedImage {
  readonly lines: Lines;
  /** All compiled code, as it is in the image. */
  readonly code: Uint8Array;
  /** Where that is in the machine's memory. */
  readonly address: number;
  readonly map: readonly MapRow[];
  readonly decode: Decode;
  /** Why a trap with this code ends the program. */
  readonly trapText: (code: number) => string | undefined;
}

export interface ListedInstruction {
  /** From the function's start: what stands behind `+` in a line about a trap. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly mnemonic: string;
  readonly operands: string;
  /** What an address refers to, or why a trap ends the program. */
  readonly note: string | undefined;
  readonly at: Place | undefined;
  readonly near: Place | undefined;
}

/** What is no instruction is listed byte by byte. */
export function listing(image: ListedImage, number: number): ListedInstruction[] {
  const { lines, code, decode } = image;
  const { begin, end } = lines.functions[number]!;
  const start = startOf(lines, number);
  const listed: ListedInstruction[] = [];
  for (let at = start + begin; at < start + end; ) {
    const found = decode(code, at);
    const size = found?.size ?? 1;
    const bytes = code.subarray(at, at + size);
    const offset = at - start;
    const place = findCode(lines, { function: number, offset });
    listed.push({
      offset,
      bytes,
      mnemonic: found?.mnemonic ?? ".byte",
      operands: found === undefined ? `0x${bytes[0]!.toString(16)}` : operandsOf(image, number, found),
      note: found && noteOf(image, found),
      at: place?.at,
      near: place?.near,
    });
    at += size;
  }
  return listed;
}

/** Of a function's code, in all code. */
export const startOf = ({ functions }: Lines, number: number): number =>
  functions.slice(0, number).reduce((sum, { size }) => sum + size, 0);

function operandsOf(image: ListedImage, number: number, { operands, target }: Decoded): string {
  return [...operands, ...(target === undefined ? [] : [targetText(image, number, target)])].join(",");
}

/** Within the function an offset, else a name. */
function targetText({ lines, address }: ListedImage, number: number, target: number): string {
  const inside = target - startOf(lines, number);
  const { size } = lines.functions[number]!;
  if (inside >= 0 && inside < size) return hex(inside);
  const found = target < 0 ? undefined : findCode(lines, { code: target });
  if (found === undefined) return hex(address + target);
  const { offset, name } = found;
  const entry = lines.functions.find((each) => each.name === name)?.begin ?? 0;
  return offset === entry ? name : `${name} + ${hex(offset)}`;
}

function noteOf(
  { address, map, trapText }: ListedImage,
  { refers, target, trap }: Decoded,
): string | undefined {
  if (trap !== undefined) return trapText(trap);
  const at = (refers ?? target) === undefined ? undefined : address + (refers ?? target)!;
  const row =
    at === undefined ? undefined : map.find((each) => at >= each.address && at < each.address + each.size);
  if (refers !== undefined) return `${hex(at!)}${row === undefined ? "" : ` ${row.name}`}`;
  return row !== undefined && row.address !== address ? row.name : undefined;
}

const hex = (value: number): string => `0x${value.toString(16)}`;
