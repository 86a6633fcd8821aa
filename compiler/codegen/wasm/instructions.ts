import { type Immediates, type Opcode, opcodes } from "./opcodes.ts";
import type { Reader } from "./reader.ts";
import { type RefType, type ValueType, valueTypeCodes } from "./types.ts";

/** One decoded instruction; which fields have a meaning is said at `Immediates`. */
export interface Instruction {
  readonly opcode: Opcode;
  /** Offset of the opcode in the module. */
  readonly at: number;
  index: number;
  index2: number;
  offset: number;
  align: number;
  value: bigint;
  labels: readonly number[];
  types: readonly ValueType[];
}

const nothing: readonly never[] = [];

/** Reads one instruction. A block type is `types` (its results) with index -1, or the index of a type. */
export function readInstruction(reader: Reader): Instruction {
  const at = reader.at;
  let code = reader.byte();
  if (code === 0xfc) {
    const low = reader.u32();
    code = low > 0xff ? -1 : 0xfc00 | low;
  }
  const opcode = opcodes.get(code);
  if (opcode === undefined) return reader.fail("illegal opcode", at);
  const { immediates } = opcode;
  const inst = {
    opcode,
    at,
    index: 0,
    index2: 0,
    offset: 0,
    align: 0,
    value: 0n,
    labels: nothing,
    types: nothing,
  };
  if (immediates !== "none") fill[immediates](reader, inst);
  return inst;
}

const index = (reader: Reader, inst: Instruction) => {
  inst.index = reader.u32();
};
const indices = (reader: Reader, inst: Instruction) => {
  inst.index = reader.u32();
  inst.index2 = reader.u32();
};
const zero = (reader: Reader) => {
  if (reader.byte() !== 0) reader.fail("zero byte expected", reader.at - 1);
};

const fill: Readonly<Record<Exclude<Immediates, "none">, (reader: Reader, inst: Instruction) => void>> = {
  block(reader, inst) {
    inst.index = -1;
    const type = valueTypeCodes[reader.peek()];
    if (type !== undefined || reader.peek() === 0x40) {
      reader.byte();
      inst.types = type === undefined ? nothing : [type];
      return;
    }
    inst.index = reader.s33();
    if (inst.index < 0) reader.fail("malformed block type", inst.at + 1);
  },
  label: index,
  labels(reader, inst) {
    inst.labels = [...reader.list(() => reader.u32()), reader.u32()];
  },
  func: index,
  indirect: indices,
  local: index,
  global: index,
  table: index,
  tables: indices,
  tableInit: indices,
  elem: index,
  memarg(reader, inst) {
    inst.align = reader.u32();
    // Alignment of 2^32 and more has no meaning; newer proposals use bit 6 for a memory index.
    if (inst.align >= 32) reader.fail("malformed memop flags", inst.at + 1);
    inst.offset = reader.u32();
  },
  memory: zero,
  memories(reader) {
    zero(reader);
    zero(reader);
  },
  memoryInit(reader, inst) {
    inst.index = reader.u32();
    zero(reader);
  },
  data: index,
  i32(reader, inst) {
    inst.value = BigInt(reader.s32());
  },
  i64(reader, inst) {
    inst.value = reader.s64();
  },
  f32(reader, inst) {
    inst.value = reader.f32();
  },
  f64(reader, inst) {
    inst.value = reader.f64();
  },
  refType(reader, inst) {
    inst.types = [readRefType(reader)];
  },
  types(reader, inst) {
    inst.types = reader.list(() => readValueType(reader));
  },
};

export function readValueType(reader: Reader): ValueType {
  return valueTypeCodes[reader.byte()] ?? reader.fail("malformed value type", reader.at - 1);
}

export function readRefType(reader: Reader): RefType {
  const type = valueTypeCodes[reader.byte()];
  if (type === "funcref" || type === "externref") return type;
  return reader.fail("malformed reference type", reader.at - 1);
}

/** Reads the locals at the start of a function's code, one entry each. */
export function readLocals(reader: Reader): ValueType[] {
  const start = reader.at;
  const locals: ValueType[] = [];
  let total = 0;
  for (const [count, type] of reader.list(() => [reader.u32(), readValueType(reader)] as const)) {
    total += count;
    if (total > MAX_LOCALS) reader.fail("too many locals", start);
    for (let index = 0; index < count; index++) locals.push(type);
  }
  return locals;
}

/** The format allows 2^32 - 1; engines agree on this limit. */
const MAX_LOCALS = 50_000;
