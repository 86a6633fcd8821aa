/** Device trees as machines hand them over (Devicetree Specification 0.4, chapter 5). */

/** Numbers are cells of 32 bits. */
export type Property = string | readonly string[] | readonly number[] | true;

export interface TreeNode {
  /** The root has none. */
  readonly name: string;
  readonly properties: Readonly<Record<string, Property>>;
  readonly children?: readonly TreeNode[];
}

const MAGIC = 0xd00d_feed;
const token = { begin: 1, end: 2, property: 3, last: 9 } as const;
const HEADER = 40;
/** One pair of zeros: the memory that is reserved is none. */
const RESERVATIONS = 16;

/** No node may be so deep that this does not end: trees are written by hand. */
export function flattened(root: TreeNode): Uint8Array<ArrayBuffer> {
  const strings: number[] = [];
  const places = new Map<string, number>();
  const structure: number[] = [];
  const cell = (value: number) => structure.push(...cellBytes(value));
  const pad = () => {
    while (structure.length % 4 !== 0) structure.push(0);
  };
  const placeOf = (name: string) => {
    const known = places.get(name) ?? strings.length;
    if (!places.has(name)) strings.push(...text(name));
    places.set(name, known);
    return known;
  };
  const write = ({ name, properties, children = [] }: TreeNode) => {
    cell(token.begin);
    structure.push(...text(name));
    pad();
    for (const [key, value] of Object.entries(properties)) {
      const bytes = bytesOf(value);
      cell(token.property);
      cell(bytes.length);
      cell(placeOf(key));
      structure.push(...bytes);
      pad();
    }
    for (const child of children) write(child);
    cell(token.end);
  };
  write(root);
  cell(token.last);
  const structureAt = HEADER + RESERVATIONS;
  const stringsAt = structureAt + structure.length;
  const size = stringsAt + strings.length;
  const header = [
    MAGIC,
    size,
    structureAt,
    stringsAt,
    HEADER,
    17,
    16,
    0,
    strings.length,
    structure.length,
  ].flatMap(cellBytes);
  return new Uint8Array([...header, ...new Array<number>(RESERVATIONS).fill(0), ...structure, ...strings]);
}

const text = (value: string): number[] => [...new TextEncoder().encode(value), 0];
const cellBytes = (value: number): number[] => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);

function bytesOf(value: Property): number[] {
  if (value === true) return [];
  if (typeof value === "string") return text(value);
  return value.flatMap((each: string | number) => (typeof each === "string" ? text(each) : cellBytes(each)));
}
