/**
 * The image of the `host` target: the run-time program with its snapshot inside, one ordinary WebAssembly module.
 * WebAssembly core specification 5.5 (binary modules): global section 6, data section 11.
 */

export interface GlobalValue {
  readonly type: "i32" | "i64" | "f32" | "f64";
  /** Of floats the bits. */
  readonly value: bigint;
}

export interface WasmSnapshot {
  /** Size of memory in pages of 64 KiB. */
  readonly pages: number;
  /** What memory holds, in ascending order; all else is zero. */
  readonly segments: readonly { readonly offset: number; readonly bytes: Uint8Array }[];
  /** The value of every global that the module defines, in order. */
  readonly globals: readonly GlobalValue[];
}

const section = { memory: 5, global: 6, data: 11, dataCount: 12 } as const;
const valueType = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c } as const;
const op = { i32Const: 0x41, i64Const: 0x42, f32Const: 0x43, f64Const: 0x44, end: 0x0b } as const;

/** `wasm`, which has no data segments, with memory and globals as the snapshot says. */
export function embedSnapshot(wasm: Uint8Array, snapshot: WasmSnapshot): Uint8Array {
  const out = new Bytes();
  out.bytes(wasm.subarray(0, 8));
  let at = 8;
  while (at < wasm.length) {
    const id = wasm[at]!;
    const [size, start] = readU32(wasm, at + 1);
    const end = start + size;
    if (id === section.memory) writeSection(out, id, memorySection(snapshot.pages));
    else if (id === section.global)
      writeSection(out, id, globalSection(wasm.subarray(start, end), snapshot.globals));
    else if (id !== section.data && id !== section.dataCount) out.bytes(wasm.subarray(at, end));
    // Data is the last but for custom sections, and those come anywhere: it may follow the code section directly.
    if (id === 10) writeSection(out, section.data, dataSection(snapshot));
    at = end;
  }
  return out.take();
}

const sectionNames = [
  ...[
    "custom",
    "types",
    "imports",
    "functions",
    "tables",
    "memories",
    "globals",
    "exports",
    "start",
    "elements",
  ],
  ...["code", "data", "data count"],
];

/** What is where in a module: its head and its sections, custom ones by their own names. */
export function wasmSections(wasm: Uint8Array): { name: string; offset: number; size: number }[] {
  const found = [{ name: "head", offset: 0, size: 8 }];
  for (let at = 8; at < wasm.length; ) {
    const [size, start] = readU32(wasm, at + 1);
    const id = wasm[at]!;
    const name = id === 0 ? customName(wasm, start) : (sectionNames[id] ?? `section ${id}`);
    found.push({ name, offset: at, size: start + size - at });
    at = start + size;
  }
  return found;
}

function customName(wasm: Uint8Array, at: number): string {
  const [length, start] = readU32(wasm, at);
  return `custom ${new TextDecoder().decode(wasm.subarray(start, start + length))}`;
}

function memorySection(pages: number): Uint8Array {
  const out = new Bytes();
  out.u32(1);
  out.byte(0x01);
  out.u32(pages);
  out.u32(pages);
  return out.take();
}

function globalSection(old: Uint8Array, values: readonly GlobalValue[]): Uint8Array {
  const [count, start] = readU32(old, 0);
  if (count !== values.length) throw new Error(`BUG: ${count} globals, ${values.length} values`);
  const out = new Bytes();
  out.u32(count);
  let at = start;
  for (const { type, value } of values) {
    const mutable = old[at + 1]!;
    at = skipInit(old, at + 2);
    out.byte(valueType[type]);
    out.byte(mutable);
    out.byte(op[`${type}Const`]);
    if (type === "i32") out.signed(BigInt.asIntN(32, value));
    else if (type === "i64") out.signed(BigInt.asIntN(64, value));
    else out.bytes(littleEndian(value, type === "f32" ? 4 : 8));
    out.byte(op.end);
  }
  return out.take();
}

const littleEndian = (value: bigint, size: number): Uint8Array =>
  Uint8Array.from({ length: size }, (_, n) => Number((value >> BigInt(8 * n)) & 0xffn));

/** Past an initialiser of the form `const; end`, which is all that asc and Binaryen make for numbers. */
function skipInit(bytes: Uint8Array, at: number): number {
  const code = bytes[at]!;
  let next = at + 1;
  if (code === op.f32Const) next += 4;
  else if (code === op.f64Const) next += 8;
  else if (code === op.i32Const || code === op.i64Const) while (bytes[next++]! & 0x80);
  else throw new Error(`BUG: initialiser 0x${code.toString(16)}`);
  if (bytes[next] !== op.end) throw new Error("BUG: initialiser of more than one instruction");
  return next + 1;
}

function dataSection({ segments }: WasmSnapshot): Uint8Array {
  const out = new Bytes();
  out.u32(segments.length);
  for (const { offset, bytes } of segments) {
    out.u32(0);
    out.byte(op.i32Const);
    out.signed(BigInt(offset | 0));
    out.byte(op.end);
    out.u32(bytes.length);
    out.bytes(bytes);
  }
  return out.take();
}

function writeSection(out: Bytes, id: number, content: Uint8Array): void {
  out.byte(id);
  out.u32(content.length);
  out.bytes(content);
}

function readU32(bytes: Uint8Array, at: number): [value: number, next: number] {
  let value = 0;
  for (let shift = 0, next = at; ; shift += 7, next += 1) {
    const byte = bytes[next]!;
    value += (byte & 0x7f) * 2 ** shift;
    if ((byte & 0x80) === 0) return [value, next + 1];
  }
}

/** Bytes that grow. */
class Bytes {
  #buffer = new Uint8Array(256);
  #length = 0;

  byte(value: number): void {
    this.#room(1);
    this.#buffer[this.#length] = value;
    this.#length += 1;
  }

  bytes(values: Uint8Array): void {
    this.#room(values.length);
    this.#buffer.set(values, this.#length);
    this.#length += values.length;
  }

  /** Unsigned LEB128. */
  u32(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  /** Signed LEB128. */
  signed(value: bigint): void {
    let rest = value;
    for (;;) {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      if ((rest === 0n && low < 0x40) || (rest === -1n && low >= 0x40)) return this.byte(low);
      this.byte(low | 0x80);
    }
  }

  take(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }

  #room(more: number): void {
    if (this.#length + more <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(this.#buffer.length * 2, this.#length + more));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }
}
