/** What is in a file of data, before anybody asks what it means; each part knows its place. Offsets count in the decoded text. */

export type Node = TextNode | NumberNode | BoolNode | NothingNode | ListNode | MapNode;

interface At {
  readonly start: number;
  readonly end: number;
}

export interface TextNode extends At {
  readonly kind: "text";
  readonly value: string;
  /** Written as a text: else it is what its place wants it to be. */
  readonly quoted: boolean;
  /** Where the first code unit of the value stands; `offsets` says it of each, and of the end, if there is more than the value itself. */
  readonly from: number;
  readonly offsets: readonly number[] | undefined;
}

/** As it is written: digits, with a sign, a point, an exponent. */
export interface NumberNode extends At {
  readonly kind: "number";
  readonly raw: string;
}

export interface BoolNode extends At {
  readonly kind: "bool";
  readonly value: boolean;
}

/** `null`, or nothing where a value could be. */
export interface NothingNode extends At {
  readonly kind: "nothing";
}

export interface ListNode extends At {
  readonly kind: "list";
  readonly items: readonly Node[];
}

export interface MapNode extends At {
  readonly kind: "map";
  readonly entries: readonly EntryNode[];
}

export interface EntryNode {
  readonly key: TextNode;
  readonly value: Node;
}

/** What is wrong with a text as such. */
export interface DataFault extends At {
  /** What is wrong, as a sentence without a full stop. */
  readonly reason: string;
  readonly help?: string | undefined;
}

/** Ends the reading of a file. */
export class Unreadable extends Error {
  readonly fault: DataFault;

  constructor(reason: string, start: number, end: number, help?: string) {
    super(reason);
    this.fault = { reason, start, end: Math.max(start, end), help };
  }
}

/** Lists and maps inside of each other; more is nobody's data, and would need a deeper stack than every machine has. */
export const MAX_DEPTH = 64;
export const tooDeep = (start: number): Unreadable =>
  new Unreadable(`lists and maps are inside of each other more than ${MAX_DEPTH} deep`, start, start + 1);

/** Two equal keys in one map. */
export function checkKeys(entries: readonly EntryNode[]): void {
  const seen = new Set<string>();
  for (const { key } of entries) {
    if (seen.has(key.value)) throw new Unreadable(`\`${key.value}\` is there twice`, key.start, key.end);
    seen.add(key.value);
  }
}

/**
 * The offsets of a value whose source has escapes: each code unit is looked for from where the last one was found. So they lie inside of the source and
 * grow, and are exact but for characters that an escape stands for.
 */
export function align(source: string, value: string, start: number): readonly number[] | undefined {
  if (source === value) return undefined;
  const offsets: number[] = [];
  let at = 0;
  for (let n = 0; n < value.length; n++) {
    const found = source.slice(at, at + LONGEST_ESCAPE).indexOf(value[n]!);
    offsets.push(start + Math.min(at + Math.max(found, 0), source.length));
    at = Math.min(found === -1 ? at + 1 : at + found + 1, source.length);
  }
  offsets.push(start + source.length);
  return offsets;
}

const LONGEST_ESCAPE = 10;
