import { WasmError } from "./error.ts";
import { readInstruction, readRefType, readValueType } from "./instructions.ts";
import type {
  Constant,
  ConstantExpression,
  DataSegment,
  ElementSegment,
  Export,
  Global,
  Import,
  Module,
  WasmFunction,
} from "./module.ts";
import { functionNames } from "./names.ts";
import { Reader } from "./reader.ts";
import type { FuncType, GlobalType, Limits, MemoryType, RefType, TableType } from "./types.ts";

/**
 * Decodes the binary format (core specification 5.5). Custom sections are skipped, but for names. Bodies are decoded,
 * instruction by instruction, only by `validate`; until then a module may still be malformed or invalid.
 * Throws WasmError.
 */
export function parseModule(bytes: Uint8Array): Module {
  const reader = new Reader(bytes);
  const magic = [0, 0x61, 0x73, 0x6d];
  if (magic.some((byte) => reader.byte() !== byte)) reader.fail("magic header not detected", 0);
  if ([1, 0, 0, 0].some((byte) => reader.byte() !== byte)) reader.fail("unknown binary version", 4);
  const found = emptySections();
  let last = 0;
  while (!reader.done) {
    const at = reader.at;
    const id = reader.byte();
    const body = reader.part(reader.u32());
    if (id === 0) {
      readCustom(body, found);
      continue;
    }
    const rank = sectionOrder.indexOf(id) + 1;
    if (rank === 0) reader.fail("malformed section id", at);
    if (rank <= last) reader.fail("unexpected content after last section", at);
    last = rank;
    sections[id]!(body, found);
    if (!body.done) body.fail("section size mismatch");
  }
  return assemble(bytes, found, reader);
}

interface Sections {
  types: FuncType[];
  imports: Import[];
  functions: number[];
  tables: TableType[];
  memories: MemoryType[];
  globals: (GlobalType & { init: ConstantExpression })[];
  exports: Export[];
  start: number | undefined;
  elements: ElementSegment[];
  dataCount: number | undefined;
  code: { start: number; end: number }[];
  data: DataSegment[];
  names: ReadonlyMap<number, string>;
}

function emptySections(): Sections {
  return {
    types: [],
    imports: [],
    functions: [],
    tables: [],
    memories: [],
    globals: [],
    exports: [],
    start: undefined,
    elements: [],
    dataCount: undefined,
    code: [],
    data: [],
    names: new Map(),
  };
}

// The data count section (12) stands before the code (10).
const sectionOrder = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11];

const sections: Readonly<Record<number, (reader: Reader, found: Sections) => void>> = {
  1(reader, found) {
    found.types = reader.list(() => readFuncType(reader));
  },
  2(reader, found) {
    found.imports = reader.list(() => readImport(reader));
  },
  3(reader, found) {
    found.functions = reader.list(() => reader.u32());
  },
  4(reader, found) {
    found.tables = reader.list(() => readTable(reader));
  },
  5(reader, found) {
    found.memories = reader.list(() => readMemory(reader));
  },
  6(reader, found) {
    found.globals = reader.list(() => ({ ...readGlobal(reader), init: readConstant(reader) }));
  },
  7(reader, found) {
    found.exports = reader.list(() => readExport(reader));
  },
  8(reader, found) {
    found.start = reader.u32();
  },
  9(reader, found) {
    found.elements = reader.list(() => readElement(reader));
  },
  10(reader, found) {
    found.code = reader.list(() => {
      const body = reader.part(reader.u32());
      return { start: body.at, end: body.end };
    });
  },
  11(reader, found) {
    found.data = reader.list(() => readData(reader));
  },
  12(reader, found) {
    found.dataCount = reader.u32();
  },
};

function readCustom(body: Reader, found: Sections): void {
  if (body.name() === "name") found.names = functionNames(body);
}

function readFuncType(reader: Reader): FuncType {
  if (reader.byte() !== 0x60) reader.fail("malformed function type", reader.at - 1);
  return {
    params: reader.list(() => readValueType(reader)),
    results: reader.list(() => readValueType(reader)),
  };
}

function readLimits(reader: Reader): Limits {
  const flags = reader.byte();
  if (flags > 1) reader.fail("malformed limits flags", reader.at - 1);
  return { min: reader.u32(), max: flags === 1 ? reader.u32() : undefined };
}

function readTable(reader: Reader): TableType {
  return { element: readRefType(reader), limits: readLimits(reader) };
}

function readMemory(reader: Reader): MemoryType {
  return { limits: readLimits(reader) };
}

function readGlobal(reader: Reader): GlobalType {
  const type = readValueType(reader);
  const mutability = reader.byte();
  if (mutability > 1) reader.fail("malformed mutability", reader.at - 1);
  return { type, mutable: mutability === 1 };
}

const kinds = ["func", "table", "memory", "global"] as const;

function readImport(reader: Reader): Import {
  const at = reader.at;
  const place = { module: reader.name(), name: reader.name(), at };
  const kind = kinds[reader.byte()] ?? reader.fail("malformed import kind", reader.at - 1);
  if (kind === "func") return { ...place, kind, typeIndex: reader.u32() };
  if (kind === "table") return { ...place, kind, table: readTable(reader) };
  if (kind === "memory") return { ...place, kind, memory: readMemory(reader) };
  return { ...place, kind, global: readGlobal(reader) };
}

function readExport(reader: Reader): Export {
  const at = reader.at;
  const name = reader.name();
  const kind = kinds[reader.byte()] ?? reader.fail("malformed export kind", reader.at - 1);
  return { name, kind, index: reader.u32(), at };
}

function readConstant(reader: Reader): ConstantExpression {
  const insts: Constant[] = [];
  for (;;) {
    const { opcode, value, index, types, at } = readInstruction(reader);
    const op = opcode.name;
    if (op === "end") return { at, insts };
    if (op === "ref.null") insts.push({ op, type: types[0] as RefType });
    else if (op === "ref.func" || op === "global.get") insts.push({ op, index });
    else if (op === "i32.const" || op === "i64.const" || op === "f32.const" || op === "f64.const")
      insts.push({ op, value });
    else throw new WasmError("invalid", at, "constant expression required");
  }
}

/** The flags (5.5.12): bit 0 not active, bit 1 explicit table or declarative, bit 2 expressions instead of functions. */
function readElement(reader: Reader): ElementSegment {
  const at = reader.at;
  const flags = reader.u32();
  if (flags > 7) reader.fail("malformed elements segment kind", at);
  const [inactive, explicit, expressions] = [(flags & 1) !== 0, (flags & 2) !== 0, (flags & 4) !== 0];
  const table = !inactive && explicit ? reader.u32() : 0;
  const mode: ElementSegment["mode"] = inactive
    ? { kind: explicit ? "declarative" : "passive" }
    : { kind: "active", table, offset: readConstant(reader) };
  let type: RefType = "funcref";
  if (inactive || explicit) {
    if (expressions) type = readRefType(reader);
    else if (reader.byte() !== 0) reader.fail("malformed element kind", reader.at - 1);
  }
  const init = reader.list(() => (expressions ? readConstant(reader) : readFunctionIndex(reader)));
  return { at, type, mode, init };
}

function readFunctionIndex(reader: Reader): ConstantExpression {
  return { at: reader.at, insts: [{ op: "ref.func", index: reader.u32() }] };
}

function readData(reader: Reader): DataSegment {
  const at = reader.at;
  const flags = reader.u32();
  if (flags > 2) reader.fail("malformed data segment kind", at);
  if (flags === 1) return { at, mode: { kind: "passive" }, bytes: reader.slice(reader.u32()) };
  const memory = flags === 2 ? reader.u32() : 0;
  const mode = { kind: "active", memory, offset: readConstant(reader) } as const;
  return { at, mode, bytes: reader.slice(reader.u32()) };
}

function assemble(bytes: Uint8Array, found: Sections, reader: Reader): Module {
  const { types, imports, exports, start, elements, data, dataCount } = found;
  if (found.functions.length !== found.code.length)
    reader.fail("function and code section have inconsistent lengths");
  if (dataCount !== undefined && dataCount !== data.length)
    reader.fail("data count and data section have inconsistent lengths");
  const outside = ({ module, name }: Import) => `${module}.${name}`;
  const of = <K extends Import["kind"]>(kind: K) =>
    imports.filter((item): item is Extract<Import, { kind: K }> => item.kind === kind);
  const none = { import: undefined };
  const exported = exportedFunctions(exports);
  const functions = [
    ...of("func").map((item) => ({ typeIndex: item.typeIndex, import: outside(item), code: undefined })),
    ...found.functions.map((typeIndex, index) => ({ typeIndex, import: undefined, code: found.code[index] })),
  ];
  return {
    bytes,
    types,
    imports,
    functions: functions.map(
      (each, index): WasmFunction => ({ ...each, name: nameOf(found, exported, index, each.import) }),
    ),
    tables: [
      ...of("table").map((item) => ({ ...item.table, import: outside(item) })),
      ...found.tables.map((each) => ({ ...each, ...none })),
    ],
    memories: [
      ...of("memory").map((item) => ({ ...item.memory, import: outside(item) })),
      ...found.memories.map((each) => ({ ...each, ...none })),
    ],
    globals: [
      ...of("global").map((item): Global => ({ ...item.global, import: outside(item), init: undefined })),
      ...found.globals.map((each): Global => ({ ...each, ...none })),
    ],
    exports,
    start,
    elements,
    data,
    dataCount,
  };
}

function nameOf(
  found: Sections,
  exported: ReadonlyMap<number, string>,
  index: number,
  imported: string | undefined,
): string {
  return found.names.get(index) ?? imported ?? exported.get(index) ?? `func[${index}]`;
}

/** The first name under which each function is exported. */
function exportedFunctions(exports: readonly Export[]): ReadonlyMap<number, string> {
  const named = new Map<number, string>();
  for (const { kind, index, name } of exports)
    if (kind === "func" && !named.has(index)) named.set(index, name);
  return named;
}
