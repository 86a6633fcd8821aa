/** Writable data of compiled code in an image. */
import { dataSection, type Section, zeroSection } from "#codegen";

/** All writable data of compiled code as one piece that is zero in the file, and its first content as a constant: what a restart copies again. */
export function writable(
  own: readonly Section[],
  globals: readonly bigint[],
): { frozen: Section; live: Section } {
  const mine = own.filter(({ access }) => access === "rw");
  let size = 0;
  const places = mine.map((section) => {
    const at = Math.ceil(size / section.align) * section.align;
    size = at + section.size;
    return { section, at };
  });
  const bytes = new Uint8Array(Math.ceil(size / 8) * 8);
  for (const { section, at } of places)
    bytes.set(section.name === "wasm.globals" ? globalBytes(globals) : section.bytes, at);
  const align = Math.max(8, ...mine.map((section) => section.align));
  const relocations = places.flatMap(({ section, at }) =>
    section.relocations.map((relocation) => ({ ...relocation, offset: at + relocation.offset })),
  );
  const names = places.flatMap(({ section, at }) =>
    section.symbols.map(({ name, offset }) => ({ name, offset: at + offset })),
  );
  const start = { name: "image.data", offset: 0 };
  return {
    frozen: dataSection("image.frozen", "r", 8, bytes, undefined, relocations),
    live: zeroSection("image.data", align, Math.max(8, bytes.length), [start, ...names]),
  };
}

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
