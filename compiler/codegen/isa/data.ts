/** What a module has beside its functions → sections: tables, globals' first values, segments, and the routines that its code calls. */
import { dataSection, type Relocation, type Section, zeroSection } from "../object/section.ts";
import type { ConstantExpression, ElementSegment, Global, Module } from "../wasm/module.ts";
import type { Isa, ModuleFacts } from "./isa.ts";
import { routineSection } from "./routines.ts";
import { symbols } from "./symbols.ts";

/** A table that may grow gets room for this many entries at most; beyond, `table.grow` refuses. */
const MOST_ENTRIES = 10_000;
const MOST_RESULTS = 1000;

export function factsOf(module: Module): ModuleFacts {
  const keys = module.types.map(({ params, results }) => `${params.join()}:${results.join()}`);
  return { typeNumber: (index) => keys.indexOf(keys[index]!) + 1 };
}

/** All that is not code of functions: only what something refers to, by way of `needed`. */
export function moduleSections(module: Module, code: readonly Section[], isa: Isa): Section[] {
  const from: Source = { module, facts: factsOf(module), isa };
  const made = new Map<string, Section>();
  const wanted = (sections: readonly Section[]) =>
    sections.flatMap(({ relocations }) => relocations.map(({ symbol }) => symbol));
  const queue = [
    ...wanted(code),
    ...module.exports
      .filter(({ kind }) => kind === "table")
      .flatMap(({ index }) => [symbols.table(index), symbols.tableSize(index)]),
  ];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (made.has(name)) continue;
    const section = makeSection(from, name);
    if (section === undefined) continue;
    made.set(name, section);
    queue.push(...wanted([section]));
  }
  return [...made].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, section]) => section);
}

/** The section that defines `name`; undefined when it is a function or the platform's. */
function makeSection(from: Source, name: string): Section | undefined {
  const [prefix, kind, ...numbers] = name.split(".");
  if (prefix !== "wasm" || kind === undefined) return undefined;
  const [first = 0, second = 0] = numbers.map(Number);
  return makers[kind]?.(from, first, second) ?? routineSection(name, from.isa, from.facts);
}

interface Source {
  readonly module: Module;
  readonly facts: ModuleFacts;
  readonly isa: Isa;
}

type Maker = (from: Source, first: number, second: number) => Section;

const makers: Readonly<Record<string, Maker>> = {
  descriptor: ({ module, facts, isa: { word } }, index) => {
    const bytes = new Uint8Array(2 * word);
    new DataView(bytes.buffer).setUint32(0, facts.typeNumber(module.functions[index]!.typeIndex), true);
    const { import: imported } = module.functions[index]!;
    const name = symbols.descriptor(index);
    return dataSection(
      name,
      "r",
      word,
      bytes,
      [{ name, offset: 0 }],
      [{ offset: word, kind: addressOf(word), symbol: imported ?? symbols.function(index), addend: 0 }],
    );
  },
  table: ({ module, isa: { word } }, index) => {
    const { limits } = module.tables[index]!;
    const capacity = tableCapacity(module, index);
    const name = symbols.table(index);
    const filled = activeElements(module, index, limits.min);
    return {
      ...dataSection(
        name,
        "rw",
        word,
        new Uint8Array(word * filled.length),
        [{ name, offset: 0 }],
        references(module, filled, word),
      ),
      size: word * capacity,
    };
  },
  table_size: ({ module }, index) => word(symbols.tableSize(index), module.tables[index]!.limits.min),
  results: () => zeroSection(symbols.results, 8, 8 * MOST_RESULTS),
  data: ({ module }, index) => dataSection(symbols.data(index), "r", 1, module.data[index]!.bytes),
  data_size: ({ module }, index) => {
    const { mode, bytes } = module.data[index]!;
    return word(symbols.dataSize(index), mode.kind === "passive" ? bytes.length : 0);
  },
  element: ({ module, isa: { word } }, index) => {
    const items = elementItems(module.elements[index]!);
    const name = symbols.element(index);
    return dataSection(
      name,
      "r",
      word,
      new Uint8Array(word * items.length),
      [{ name, offset: 0 }],
      references(module, items, word),
    );
  },
  element_size: ({ module }, index) => {
    const { mode, init } = module.elements[index]!;
    return word(symbols.elementSize(index), mode.kind === "passive" ? init.length : 0);
  },
  memory_copy: ({ isa }) => isa.routines.memoryCopy(),
  memory_fill: ({ isa }) => isa.routines.memoryFill(),
  memory_init: ({ isa }, segment) => isa.routines.memoryInit(segment),
  table_copy: ({ isa }, to, from) => isa.routines.tableCopy(to, from),
  table_init: ({ isa }, table, segment) => isa.routines.tableInit(table, segment),
  table_fill: ({ isa }, table) => isa.routines.tableFill(table),
  table_grow: ({ isa, module }, table) => isa.routines.tableGrow(table, tableCapacity(module, table)),
};

function tableCapacity(module: Module, index: number): number {
  const { min, max } = module.tables[index]!.limits;
  return Math.max(min, Math.min(max ?? MOST_ENTRIES, MOST_ENTRIES));
}

function word(name: string, value: number): Section {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return dataSection(name, "rw", 8, bytes);
}

/** What active segments leave in a table: function indices, undefined for null. Segments were checked to fit. */
function activeElements(module: Module, table: number, size: number): (number | undefined)[] {
  const entries: (number | undefined)[] = Array.from({ length: size }, () => undefined);
  for (const segment of module.elements) {
    if (segment.mode.kind !== "active" || segment.mode.table !== table) continue;
    const offset = Number(BigInt.asUintN(32, constantOf(module, segment.mode.offset)));
    elementItems(segment).forEach((item, n) => {
      if (offset + n < size) entries[offset + n] = item;
    });
  }
  return entries;
}

function elementItems({ init }: ElementSegment): (number | undefined)[] {
  return init.map(({ insts: [first] }) => (first?.op === "ref.func" ? first.index : undefined));
}

/** All globals together, eight bytes each, those of 32 bits zero-extended. */
export function globalsSection({ globals }: Module, initial: (global: Global) => bigint): Section {
  const bytes = new Uint8Array(8 * globals.length);
  const view = new DataView(bytes.buffer);
  globals.forEach((global, n) => {
    const bits = global.type === "i32" || global.type === "f32" ? 32 : 64;
    view.setBigUint64(8 * n, BigInt.asUintN(bits, initial(global)), true);
  });
  const names = globals.map((_, n) => ({ name: symbols.global(n), offset: 8 * n }));
  return dataSection("wasm.globals", "rw", 8, bytes, names);
}

/** The value of a constant expression of an integer type. */
export function constantOf(module: Module, { insts: [first] }: ConstantExpression): bigint {
  if (first === undefined) throw new Error("BUG: empty constant expression");
  if ("value" in first) return first.value;
  if (first.op === "global.get") {
    const { init } = module.globals[first.index]!;
    return init === undefined ? 0n : constantOf(module, init);
  }
  return 0n;
}

const addressOf = (word: 4 | 8) => (word === 8 ? "abs64" : "abs32");

function references(module: Module, items: readonly (number | undefined)[], word: 4 | 8): Relocation[] {
  return items.flatMap((index, n): Relocation[] =>
    index === undefined || module.functions[index] === undefined
      ? []
      : [{ offset: word * n, kind: addressOf(word), symbol: symbols.descriptor(index), addend: 0 }],
  );
}
