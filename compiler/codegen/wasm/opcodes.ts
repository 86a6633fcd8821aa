/**
 * What follows an opcode (core specification 5.4), and the fields of `Instruction` that it fills:
 * `index` (the first index), `index2` (the second), `value` (a literal; floats as their bits), `labels`, `types`, `offset`, `align`.
 */
export type Immediates =
  | "none"
  | "block" // types or index: a block type
  | "label" // index
  | "labels" // labels, the default last
  | "func" // index
  | "indirect" // index: type, index2: table
  | "local" // index
  | "global" // index
  | "table" // index
  | "tables" // index: to, index2: from
  | "tableInit" // index: segment, index2: table
  | "elem" // index
  | "memarg" // align (log2), offset
  | "memory" // one zero byte
  | "memories" // two zero bytes
  | "memoryInit" // index: segment
  | "data" // index
  | "i32" // value
  | "i64" // value
  | "f32" // value
  | "f64" // value
  | "refType" // types
  | "types"; // types

/** One opcode. Codes above 0xff are 0xfc followed by the low part. */
export interface Opcode {
  readonly code: number;
  readonly name: string;
  readonly immediates: Immediates;
  /** Operands and results for those with a fixed signature: i = i32, I = i64, f = f32, F = f64. */
  readonly signature: { readonly params: string; readonly results: string } | undefined;
  /** For memory accesses: bytes touched. */
  readonly bytes: number;
  /** Works on floating-point values. */
  readonly float: boolean;
}

type Row = readonly [code: number, names: string, immediates: Immediates, signature?: string];

// Consecutive codes of one kind share a row.
const rows: readonly Row[] = [
  [0x00, "unreachable nop", "none"],
  [0x02, "block loop if", "block"],
  [0x05, "else", "none"],
  [0x0b, "end", "none"],
  [0x0c, "br br_if", "label"],
  [0x0e, "br_table", "labels"],
  [0x0f, "return", "none"],
  [0x10, "call", "func"],
  [0x11, "call_indirect", "indirect"],
  [0x1a, "drop select", "none"],
  [0x1c, "select_t", "types"],
  [0x20, "local.get local.set local.tee", "local"],
  [0x23, "global.get global.set", "global"],
  [0x25, "table.get table.set", "table"],
  [0x28, "i32.load", "memarg", "i>i"],
  [0x29, "i64.load", "memarg", "i>I"],
  [0x2a, "f32.load", "memarg", "i>f"],
  [0x2b, "f64.load", "memarg", "i>F"],
  [0x2c, "i32.load8_s i32.load8_u i32.load16_s i32.load16_u", "memarg", "i>i"],
  [0x30, "i64.load8_s i64.load8_u i64.load16_s i64.load16_u i64.load32_s i64.load32_u", "memarg", "i>I"],
  [0x36, "i32.store", "memarg", "ii>"],
  [0x37, "i64.store", "memarg", "iI>"],
  [0x38, "f32.store", "memarg", "if>"],
  [0x39, "f64.store", "memarg", "iF>"],
  [0x3a, "i32.store8 i32.store16", "memarg", "ii>"],
  [0x3c, "i64.store8 i64.store16 i64.store32", "memarg", "iI>"],
  [0x3f, "memory.size", "memory", ">i"],
  [0x40, "memory.grow", "memory", "i>i"],
  [0x41, "i32.const", "i32", ">i"],
  [0x42, "i64.const", "i64", ">I"],
  [0x43, "f32.const", "f32", ">f"],
  [0x44, "f64.const", "f64", ">F"],
  [0x45, "i32.eqz", "none", "i>i"],
  [
    0x46,
    "i32.eq i32.ne i32.lt_s i32.lt_u i32.gt_s i32.gt_u i32.le_s i32.le_u i32.ge_s i32.ge_u",
    "none",
    "ii>i",
  ],
  [0x50, "i64.eqz", "none", "I>i"],
  [
    0x51,
    "i64.eq i64.ne i64.lt_s i64.lt_u i64.gt_s i64.gt_u i64.le_s i64.le_u i64.ge_s i64.ge_u",
    "none",
    "II>i",
  ],
  [0x5b, "f32.eq f32.ne f32.lt f32.gt f32.le f32.ge", "none", "ff>i"],
  [0x61, "f64.eq f64.ne f64.lt f64.gt f64.le f64.ge", "none", "FF>i"],
  [0x67, "i32.clz i32.ctz i32.popcnt", "none", "i>i"],
  [
    0x6a,
    "i32.add i32.sub i32.mul i32.div_s i32.div_u i32.rem_s i32.rem_u i32.and i32.or i32.xor i32.shl i32.shr_s i32.shr_u i32.rotl i32.rotr",
    "none",
    "ii>i",
  ],
  [0x79, "i64.clz i64.ctz i64.popcnt", "none", "I>I"],
  [
    0x7c,
    "i64.add i64.sub i64.mul i64.div_s i64.div_u i64.rem_s i64.rem_u i64.and i64.or i64.xor i64.shl i64.shr_s i64.shr_u i64.rotl i64.rotr",
    "none",
    "II>I",
  ],
  [0x8b, "f32.abs f32.neg f32.ceil f32.floor f32.trunc f32.nearest f32.sqrt", "none", "f>f"],
  [0x92, "f32.add f32.sub f32.mul f32.div f32.min f32.max f32.copysign", "none", "ff>f"],
  [0x99, "f64.abs f64.neg f64.ceil f64.floor f64.trunc f64.nearest f64.sqrt", "none", "F>F"],
  [0xa0, "f64.add f64.sub f64.mul f64.div f64.min f64.max f64.copysign", "none", "FF>F"],
  [0xa7, "i32.wrap_i64", "none", "I>i"],
  [0xa8, "i32.trunc_f32_s i32.trunc_f32_u", "none", "f>i"],
  [0xaa, "i32.trunc_f64_s i32.trunc_f64_u", "none", "F>i"],
  [0xac, "i64.extend_i32_s i64.extend_i32_u", "none", "i>I"],
  [0xae, "i64.trunc_f32_s i64.trunc_f32_u", "none", "f>I"],
  [0xb0, "i64.trunc_f64_s i64.trunc_f64_u", "none", "F>I"],
  [0xb2, "f32.convert_i32_s f32.convert_i32_u", "none", "i>f"],
  [0xb4, "f32.convert_i64_s f32.convert_i64_u", "none", "I>f"],
  [0xb6, "f32.demote_f64", "none", "F>f"],
  [0xb7, "f64.convert_i32_s f64.convert_i32_u", "none", "i>F"],
  [0xb9, "f64.convert_i64_s f64.convert_i64_u", "none", "I>F"],
  [0xbb, "f64.promote_f32", "none", "f>F"],
  [0xbc, "i32.reinterpret_f32", "none", "f>i"],
  [0xbd, "i64.reinterpret_f64", "none", "F>I"],
  [0xbe, "f32.reinterpret_i32", "none", "i>f"],
  [0xbf, "f64.reinterpret_i64", "none", "I>F"],
  [0xc0, "i32.extend8_s i32.extend16_s", "none", "i>i"],
  [0xc2, "i64.extend8_s i64.extend16_s i64.extend32_s", "none", "I>I"],
  [0xd0, "ref.null", "refType"],
  [0xd1, "ref.is_null", "none"],
  [0xd2, "ref.func", "func"],
  [0xfc00, "i32.trunc_sat_f32_s i32.trunc_sat_f32_u", "none", "f>i"],
  [0xfc02, "i32.trunc_sat_f64_s i32.trunc_sat_f64_u", "none", "F>i"],
  [0xfc04, "i64.trunc_sat_f32_s i64.trunc_sat_f32_u", "none", "f>I"],
  [0xfc06, "i64.trunc_sat_f64_s i64.trunc_sat_f64_u", "none", "F>I"],
  [0xfc08, "memory.init", "memoryInit", "iii>"],
  [0xfc09, "data.drop", "data", ">"],
  [0xfc0a, "memory.copy", "memories", "iii>"],
  [0xfc0b, "memory.fill", "memory", "iii>"],
  [0xfc0c, "table.init", "tableInit", "iii>"],
  [0xfc0d, "elem.drop", "elem", ">"],
  [0xfc0e, "table.copy", "tables", "iii>"],
  [0xfc0f, "table.grow table.size table.fill", "table"],
];

/** Every opcode by its code. */
export const opcodes: ReadonlyMap<number, Opcode> = new Map(
  rows.flatMap(([first, names, immediates, signature]) =>
    names.split(" ").map((name, index): [number, Opcode] => {
      const code = first + index;
      return [code, opcode(code, name, immediates, signature)];
    }),
  ),
);

function opcode(code: number, name: string, immediates: Immediates, text: string | undefined): Opcode {
  const [params, results] = text?.split(">") ?? [];
  const signature = params === undefined ? undefined : { params, results: results! };
  const bytes = immediates === "memarg" ? accessBytes(name) : 0;
  return { code, name, immediates, signature, bytes, float: /[fF]/.test(text ?? "") };
}

function accessBytes(name: string): number {
  const narrow = /(?:load|store)(8|16|32)/.exec(name);
  return Number(narrow?.[1] ?? name.slice(1, 3)) / 8;
}
