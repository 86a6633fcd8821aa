/** The upper half of products, which an ESP32 has an instruction for and the core of QEMU has not: compiled code with it, and without it, on the processor in TypeScript. */
import { x25519 } from "@noble/curves/ed25519.js";
import binaryen from "binaryen";
import fc from "fast-check";
import { expect, test } from "vitest";
import { compile, type IsaName, link, symbols as names, xtensaHoles, zeroSection } from "#codegen";
import { kernelWasm } from "../../bench/kernel-source.ts";
import { Processor } from "./test-processor.ts";

const [BASE, END, MEMORY, STACK] = [0x1000, 0xf_0000, 0x10_0000, 0xf_0000] as const;
const SIZE = MEMORY + 0x2_0000;

/** A module in memory, whose functions can be called. */
class Program {
  readonly bytes = new Uint8Array(SIZE);
  readonly #view = new DataView(this.bytes.buffer);
  readonly #symbols: ReadonlyMap<string, number>;
  readonly #processor: Processor;

  constructor(wasm: Uint8Array, isa: IsaName) {
    const { code, data } = compile(wasm, isa);
    const linked = link(
      [
        ...code,
        ...data,
        zeroSection(names.memoryPages, 8, 8),
        zeroSection(names.memoryBytes, 8, 8),
        zeroSection(names.results, 8, 64),
      ],
      {
        base: BASE,
        pageSize: 16,
        holes: xtensaHoles,
      },
    );
    for (const { address, bytes } of linked.segments) this.bytes.set(bytes, address);
    this.#symbols = linked.symbols;
    this.#view.setUint32(this.#symbols.get(names.memoryPages)!, 2, true);
    this.#view.setUint32(this.#symbols.get(names.memoryBytes)!, SIZE - MEMORY, true);
    const around = {
      load: (at: number, bytes: number) =>
        bytes === 4
          ? this.#view.getUint32(at, true)
          : bytes === 2
            ? this.#view.getUint16(at, true)
            : this.#view.getUint8(at),
      store: (at: number, bytes: number, value: number) => {
        for (let n = 0; n < bytes; n++) this.bytes[at + n] = value >>> (8 * n);
      },
      lines: () => 0,
    };
    this.#processor = new Processor(around, BASE);
  }

  /** Its result, and the instructions that it took. */
  call(name: string, ...args: readonly number[]): { readonly value: bigint; readonly instructions: number } {
    const cpu = this.#processor;
    args.forEach((value, n) => {
      cpu.a[2 + n] = value;
    });
    [cpu.a[0], cpu.a[1], cpu.a[15]] = [END, STACK, MEMORY];
    cpu.pc = this.#symbols.get(names.export(name))!;
    const before = cpu.instructions;
    while (cpu.pc !== END) cpu.step();
    const value = (BigInt(cpu.a[3]! >>> 0) << 32n) | BigInt(cpu.a[2]! >>> 0);
    return { value, instructions: cpu.instructions - before };
  }

  memory(at: number, length: number): Uint8Array {
    return this.bytes.subarray(MEMORY + at, MEMORY + at + length);
  }
}

const isas = ["xtensa", "xtensa-mulhigh"] as const;
const halves = (value: bigint): [number, number] => [
  Number(BigInt.asIntN(32, value)),
  Number(BigInt.asIntN(32, value >> 32n)),
];

test("products of 64 bits are those of BigInt, with the instruction and without it", () => {
  const module = binaryen.parseText(
    `(module (func (export "product") (param i64 i64) (result i64) (i64.mul (local.get 0) (local.get 1))))`,
  );
  const programs = isas.map((isa) => new Program(module.emitBinary(), isa));
  const odd = fc.constantFrom(0n, 1n, 0xffff_ffffn, 0x8000_0000n, 0x1_0000_0000n, 2n ** 64n - 1n, 2n ** 63n);
  const number = fc.oneof(odd, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }));
  fc.assert(
    fc.property(number, number, (a, b) => {
      for (const program of programs)
        expect(program.call("product", ...halves(a), ...halves(b)).value).toBe(BigInt.asUintN(64, a * b));
    }),
    { numRuns: 2000 },
  );
});

test("X25519 with it takes less than half of the instructions, and gives the same", async () => {
  const wasm = await kernelWasm("x25519");
  const input = Uint8Array.from({ length: 64 }, (_, n) => (n * 37 + 11) & 255);
  const wanted = x25519.scalarMult(input.slice(0, 32), input.slice(32));
  const [without, having] = isas.map((isa) => {
    const program = new Program(wasm, isa);
    program.memory(Number(program.call("inputAddress").value & 0xffff_ffffn), 64).set(input);
    const { instructions } = program.call("run", 0, 1);
    const at = Number(program.call("outputAddress").value & 0xffff_ffffn);
    expect(Buffer.from(program.memory(at, 32)).toString("hex")).toBe(Buffer.from(wanted).toString("hex"));
    return instructions;
  });
  expect(having! / without!).toBeLessThan(0.5);
});
