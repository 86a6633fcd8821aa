/** The cryptographic kernels give what the standards say, in V8 and as machine code: a benchmark of wrong code would be worth nothing. */
import { describe, expect, test } from "vitest";
import { NativeInstance } from "../compiler/codegen/native/instance.ts";
import { machines } from "../compiler/codegen/native/machines.ts";
import type { Command } from "../compiler/codegen/native/protocol.ts";
import { parseModule } from "../compiler/codegen/wasm/decode.ts";
import { runNative } from "../tools/native-process.ts";
import { type KernelName, kernelWasm } from "./kernel-source.ts";

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ""), "hex"));

interface Vector {
  readonly kernel: KernelName;
  /** What is written at the addresses that these exports give. */
  readonly memory: Readonly<Record<string, Uint8Array>>;
  readonly call: readonly [name: string, ...args: number[]];
  /** What then is there. */
  readonly after: Readonly<Record<string, Uint8Array>>;
}

/** RFC 8439, 2.8.2. */
const sunscreen = new TextEncoder().encode(
  "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
);
const vectors: Readonly<Record<string, Vector>> = {
  "ChaCha20-Poly1305 seals the text of RFC 8439, 2.8.2": {
    kernel: "chacha20-poly1305",
    memory: {
      inputAddress: sunscreen,
      keyAddress: hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"),
      nonceAddress: hex("070000004041424344454647"),
      aadAddress: hex("50515253c0c1c2c3c4c5c6c7"),
    },
    call: ["seal", sunscreen.length, 12],
    after: {
      inputAddress: hex(`d31a8d34648e60db7b86afbc53ef7ec2 a4aded51296e08fea9e2b5a736ee62d6
        3dbea45e8ca9671282fafb69da92728b 1a71de0a9e060b2905d6a5b67ecd3b36
        92ddbd7f2d778b8c9803aee328091b58 fab324e4fad675945585808b4831d7bc
        3ff4def08e4b7a9de576d26586cec64b 6116`),
      outputAddress: hex("1ae10b594f09e26a7e902ecbd0600691"),
    },
  },
  "X25519 of RFC 7748, 5.2": {
    kernel: "x25519",
    memory: {
      inputAddress: hex(`a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4
        e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c`),
    },
    call: ["run", 0, 1],
    after: { outputAddress: hex("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552") },
  },
  "X25519 with a point whose highest bit is set, of the same": {
    kernel: "x25519",
    memory: {
      inputAddress: hex(`4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d
        e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493`),
    },
    call: ["run", 0, 1],
    after: { outputAddress: hex("95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957") },
  },
  "X25519 after ten iterations from 9 (RFC 7748, 5.2, as @noble/curves has it)": {
    kernel: "x25519",
    memory: { inputAddress: nines() },
    call: ["run", 0, 10],
    after: { outputAddress: await iterated(10) },
  },
};

describe.each(Object.entries(vectors))("%s", (_, { kernel, memory, call, after }) => {
  test("in V8", async () => {
    const instance = new WebAssembly.Instance(
      new WebAssembly.Module(new Uint8Array(await kernelWasm(kernel, true))),
    );
    const exports = instance.exports as Record<string, (...args: number[]) => number>;
    const bytes = () => new Uint8Array((instance.exports["memory"] as WebAssembly.Memory).buffer);
    for (const [where, what] of Object.entries(memory)) bytes().set(what, exports[where]!());
    exports[call[0]]!(...call.slice(1).map(Number));
    for (const [where, what] of Object.entries(after)) {
      const at = exports[where]!();
      expect(Buffer.from(bytes().subarray(at, at + what.length)).toString("hex")).toBe(
        Buffer.from(what).toString("hex"),
      );
    }
  });

  test.each(machines.map((machine) => [machine.isa.name, machine] as const))(
    "on %s",
    async (_name, machine) => {
      const host = { global: () => 0n, memory: { min: 0, max: 0 }, table: { min: 0, max: 0 } };
      const instance = new NativeInstance(parseModule(await kernelWasm(kernel)), host, machine);
      const asked = [...Object.keys(memory), ...Object.keys(after)];
      const answers = runNative(instance.program, [
        ...instance.start,
        ...asked.map((name) => instance.invoke(name, [])),
      ]).slice(instance.start.length);
      const addresses = answers.map((answer) => (answer.kind === "values" ? Number(answer.values[0]) : -1));
      const written = Object.values(memory);
      const [name, ...args] = call;
      const last = runNative(instance.program, [
        ...instance.start,
        ...written.map((bytes, n): Command => ({ kind: "write", offset: addresses[n]!, bytes })),
        instance.invoke(name, args.map(BigInt)),
        ...Object.values(after).map(
          ({ length }, n): Command => ({
            kind: "read",
            offset: addresses[written.length + n]!,
            size: length,
          }),
        ),
      ]).slice(-Object.keys(after).length);
      expect(
        last.map((answer) => answer.kind === "bytes" && Buffer.from(answer.bytes).toString("hex")),
      ).toEqual(Object.values(after).map((what) => Buffer.from(what).toString("hex")));
    },
  );
});

/** Scalar and point of the first iteration. */
function nines(): Uint8Array {
  const bytes = new Uint8Array(64);
  bytes[0] = bytes[32] = 9;
  return bytes;
}

async function iterated(times: number): Promise<Uint8Array> {
  const { x25519 } = await import("@noble/curves/ed25519.js");
  let [scalar, point] = [nines().subarray(0, 32), nines().subarray(32)];
  for (let n = 0; n < times; n++) [scalar, point] = [x25519.scalarMult(scalar, point), scalar];
  return scalar;
}
