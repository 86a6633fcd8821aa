/** Machine code of real programs, read by us and by GNU objdump. What single instructions look like is checked where each is written: assembler.test.ts. */
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { type KernelName, kernelWasm } from "../../../bench/kernel-source.ts";
import { compile } from "../compile.ts";
import { randomModule } from "../wasm/testing/random-module.ts";
import { type IsaName, isas } from "./index.ts";
import { objdump, withoutI } from "./testing/objdump.ts";

interface Judge {
  /** Bytes of the same length as a trap that are one or two ordinary instructions: objdump cannot know what follows a trap. */
  readonly instead: readonly number[];
  /** Instructions that fill up to a multiple of four, by how many bytes there are beyond one. */
  readonly fill: readonly (readonly number[])[];
  /** What it does not know. */
  readonly unknown?: RegExp;
  /** Both sides as they are compared. */
  readonly same?: (line: string) => string;
}

const riscv: Judge = { instead: [1, 0, 1, 0], fill: [[], [], [1, 0], []], same: withoutI };

const xtensa: Judge = {
  instead: [0xf0, 0x20, 0x00],
  fill: [[], [0xf0, 0x20, 0x00], [0x3d, 0xf0], [0x3d, 0xf0, 0xf0, 0x20, 0x00]],
  // LX106 lacks these: the line says so.
  unknown: /: (?:quou|quos|remu|rems|minu?|maxu?|sext|muluh) /,
};

const judges: Readonly<Record<IsaName, Judge>> = {
  "x86-64": {
    instead: [0x0f, 0x1f, 0x00],
    fill: [[], [0x90, 0x90, 0x90], [0x90, 0x90], [0x90]],
    same: (line) => line.replace(/^(rep[a-z]*) (movs|stos|cmps)([bdq]| .*)$/, "$1 $2"),
  },
  rv64: riscv,
  rv64b: {
    ...riscv,
    unknown: /: (?:add\.uw|zext\.[hw]|rorw?|rolw?|roriw?|cl?zw?|ctzw?|cpopw?|sext\.[bh]|rev8) /,
  },
  rv32: riscv,
  xtensa,
  "xtensa-mulhigh": xtensa,
};

const kernels: readonly KernelName[] = ["sha256", "chacha20-poly1305", "hash-map", "sort"];

describe.each(Object.keys(isas) as IsaName[])("%s", (name) => {
  const judge = judges[name];
  const { decode } = isas[name];
  let sections: { readonly bytes: Uint8Array; readonly start: number }[];
  beforeAll(async () => {
    const programs = await Promise.all(kernels.map((kernel) => kernelWasm(kernel)));
    for (let seed = 1; seed <= 40; seed++) programs.push(randomModule(seed, 0, isas[name].floats).bytes);
    sections = programs
      .map((wasm) => compile(wasm, name))
      .flatMap(({ code, data }) => [...code, ...data])
      .filter(({ access }) => access === "rx")
      // Constants may stand before the code.
      .map(({ bytes, symbols }) => ({ bytes, start: Math.min(...symbols.map(({ offset }) => offset)) }));
  });

  test("all code of real programs reads as objdump reads it", () => {
    const { same = (line: string) => line } = judge;
    const wanted: string[] = [];
    const read: string[] = [];
    const given: number[] = [];
    for (const { bytes, start } of sections) {
      const code = bytes.slice(start);
      const base = given.length;
      for (let at = 0; at < code.length; ) {
        const found = decode(code, at);
        expect(found, `${name} ${Buffer.from(code.subarray(at, at + 8)).toString("hex")}`).toBeDefined();
        const { size, mnemonic, operands, target, trap } = found!;
        if (trap === undefined) {
          const to = target === undefined ? [] : [`0x${((base + target) >>> 0).toString(16)}`];
          const line = `${mnemonic} ${[...operands, ...to].join(",")}`.trim();
          read.push(`${base + at}: ${same(line)}`);
        } else code.set(judge.instead, at);
        at += size;
      }
      given.push(...code);
      given.push(...judge.fill[given.length % 4]!);
    }
    const theirs = objdump(name, Uint8Array.from(given));
    for (const line of read) {
      const [at] = line.split(":");
      const text = theirs.get(Number(at))?.replace(/, /g, ",");
      wanted.push(`${at}: ${text === undefined ? text : same(text)}`);
    }
    expect(read.length).toBeGreaterThan(1000);
    const differing = read.flatMap((line, n) =>
      line === wanted[n] || judge.unknown?.test(line) ? [] : [`${line}   objdump: ${wanted[n]}`],
    );
    expect(differing.slice(0, 40)).toEqual([]);
  });

  test("any bytes are an instruction within them, or none", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
        const found = decode(bytes, 0);
        if (found === undefined) return;
        expect(found.size).toBeGreaterThan(0);
        expect(found.size).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});
