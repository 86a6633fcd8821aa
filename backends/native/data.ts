/** Writable data of compiled code in an image. */
import { dataSection, type Section, zeroSection } from "#codegen";
import { packBytes } from "./pack.ts";

/** All writable data of compiled code as one piece that is zero in the file, and what it begins with at every start. */
export interface Writable {
  readonly live: Section;
  /** The first bytes of `live`: what holds addresses that only the linker knows. Its size is a multiple of 8. */
  readonly frozen: Section;
  /** What follows, packed: `image.values` to `image.values_end`. */
  readonly values: readonly Section[];
}

export function writable(own: readonly Section[], globals: readonly bigint[]): Writable {
  const all = own.filter(({ access }) => access === "rw");
  const linked = place(
    all.filter(({ relocations }) => relocations.length > 0),
    0,
  );
  const known = place(
    all.filter(({ relocations }) => relocations.length === 0),
    linked.end,
  );
  const bytes = new Uint8Array(known.end);
  for (const { section, at } of [...linked.places, ...known.places])
    bytes.set(section.name === "wasm.globals" ? globalBytes(globals) : section.bytes, at);
  const relocations = linked.places.flatMap(({ section, at }) =>
    section.relocations.map((relocation) => ({ ...relocation, offset: at + relocation.offset })),
  );
  const names = [...linked.places, ...known.places].flatMap(({ section, at }) =>
    section.symbols.map(({ name, offset }) => ({ name, offset: at + offset })),
  );
  const start = { name: "image.data", offset: 0 };
  const align = Math.max(8, ...all.map((section) => section.align));
  return {
    live: zeroSection("image.data", align, Math.max(8, bytes.length), [start, ...names]),
    frozen: dataSection("image.frozen", "r", 8, bytes.subarray(0, linked.end), undefined, relocations),
    values: packedSections("image.values", packBytes(bytes.subarray(linked.end))),
  };
}

interface Place {
  readonly section: Section;
  readonly at: number;
}

function place(sections: readonly Section[], from: number): { places: readonly Place[]; end: number } {
  let end = from;
  const places = sections.map((section) => {
    const at = Math.ceil(end / section.align) * section.align;
    end = at + section.size;
    return { section, at };
  });
  return { places, end: Math.ceil(end / 8) * 8 };
}

/** What `boot.unpack` reads, with a symbol at its end. */
export const packedSections = (name: string, bytes: Uint8Array): Section[] => [
  dataSection(name, "r", 1, bytes),
  dataSection(`${name}_end`, "r", 1, new Uint8Array(0)),
];

function globalBytes(globals: readonly bigint[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 * globals.length));
  globals.forEach((value, n) => {
    view.setBigUint64(8 * n, BigInt.asUintN(64, value), true);
  });
  return new Uint8Array(view.buffer);
}

export function withoutZeros(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
}
