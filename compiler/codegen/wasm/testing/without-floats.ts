/**
 * Turns any module into one of integers only: f32 becomes i32, f64 becomes i64, and each operation on floats some operation on
 * integers of the same shape. The result computes something else, but is as valid and as strange as the original. For
 * tests: Binaryen's fuzzer cannot leave out floats.
 */

import { type Instruction, readInstruction, readLocals } from "../instructions.ts";
import { opcodes } from "../opcodes.ts";
import { Reader } from "../reader.ts";
import { type ValueType, valueTypeCodes } from "../types.ts";
import { list, moduleOf, s64, sized, u32 } from "./encode.ts";

export function withoutFloats(bytes: Uint8Array): Uint8Array {
  const sections: [number, number[]][] = [];
  const reader = new Reader(bytes, 8);
  while (!reader.done) {
    const id = reader.byte();
    const body = reader.part(reader.u32());
    if (id === 0) continue;
    sections.push([id, (rebuild[id] ?? rest)(body)]);
  }
  return moduleOf(sections);
}

const codes = new Map([...opcodes.values()].map(({ name, code }) => [name, code]));
const codeOfType = new Map(Object.entries(valueTypeCodes).map(([code, type]) => [type, Number(code)]));

const rest = (reader: Reader): number[] => [...reader.slice(reader.end - reader.at)];

const typeByte = (type: ValueType): number =>
  codeOfType.get(type === "f32" ? "i32" : type === "f64" ? "i64" : type)!;

const readType = (reader: Reader): number[] => [typeByte(valueTypeCodes[reader.byte()]!)];

/** By id of the section. */
const rebuild: Readonly<Record<number, (reader: Reader) => number[]>> = {
  1: (reader) =>
    list(
      reader.list(() => [
        reader.byte(),
        ...list(reader.list(() => readType(reader))),
        ...list(reader.list(() => readType(reader))),
      ]),
    ),
  2: (reader) => list(reader.list(() => importItem(reader))),
  6: (reader) => list(reader.list(() => [...readType(reader), reader.byte(), ...expression(reader)])),
  10: (reader) => list(reader.list(() => sized(body(reader.part(reader.u32()))))),
};

function importItem(reader: Reader): number[] {
  const start = reader.at;
  reader.name();
  reader.name();
  const kind = reader.byte();
  const head = [...reader.bytes.subarray(start, reader.at)];
  if (kind === 3) return [...head, ...readType(reader), reader.byte()];
  const from = reader.at;
  if (kind === 0) reader.u32();
  else {
    if (kind === 1) reader.byte();
    if (reader.byte() === 1) reader.u32();
    reader.u32();
  }
  return [...head, ...reader.bytes.subarray(from, reader.at)];
}

function expression(reader: Reader): number[] {
  const bytes: number[] = [];
  for (;;) {
    const inst = readInstruction(reader);
    bytes.push(...replace(inst, reader));
    if (inst.opcode.name === "end") return bytes;
  }
}

function body(reader: Reader): number[] {
  const locals = readLocals(reader).map((type) => [1, typeByte(type)]);
  const bytes = list(locals);
  while (!reader.done) for (const byte of replace(readInstruction(reader), reader)) bytes.push(byte);
  return bytes;
}

function replace(inst: Instruction, reader: Reader): number[] {
  const { name, immediates, float } = inst.opcode;
  const raw = [...reader.bytes.subarray(inst.at, reader.at)];
  if (immediates === "block" && inst.types.length > 0) return [raw[0]!, typeByte(inst.types[0]!)];
  if (immediates === "types") return [raw[0]!, ...list(inst.types.map((type) => [typeByte(type)]))];
  if (!float) return raw;
  if (name === "f32.const") return [codes.get("i32.const")!, ...s64(BigInt.asIntN(32, inst.value))];
  if (name === "f64.const") return [codes.get("i64.const")!, ...s64(BigInt.asIntN(64, inst.value))];
  const instead = integerOperation(name);
  if (instead === undefined) return [];
  const code = codes.get(instead);
  if (code === undefined) throw new Error(`nothing for ${name}`);
  const operands = immediates === "memarg" ? [...u32(inst.align), ...u32(inst.offset)] : [];
  return [code, ...operands];
}

/** The same shape on integers; undefined where operand and result become the same type. */
function integerOperation(name: string): string | undefined {
  const [result, operation] = name.replaceAll("f32", "i32").replaceAll("f64", "i64").split(".") as [
    string,
    string,
  ];
  if (operation.includes("_i")) return conversion(result, operation);
  return `${result}.${operations[operation] ?? operation}`;
}

function conversion(result: string, operation: string): string | undefined {
  const from = operation.includes("i32") ? "i32" : "i64";
  if (from === result) return undefined;
  if (result === "i32") return "i32.wrap_i64";
  return operation.endsWith("_u") ? "i64.extend_i32_u" : "i64.extend_i32_s";
}

const operations: Readonly<Record<string, string>> = {
  lt: "lt_s",
  gt: "gt_u",
  le: "le_u",
  ge: "ge_s",
  abs: "clz",
  neg: "ctz",
  ceil: "popcnt",
  floor: "extend8_s",
  trunc: "extend16_s",
  nearest: "clz",
  sqrt: "popcnt",
  div: "div_u",
  min: "and",
  max: "or",
  copysign: "xor",
};
