import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { type AsInstance, compileAs, instantiateAs } from "#tools/load-as";
import { fields } from "./boot/layout.ts";

/** What drivers ask of each node, for the whole tree. */
const program = `import { Node, next, rewind } from "../backends/riscv/drivers/tree";
const node = new Node();
declare function seen(depth: u32, base: u64, line: u32, virtio: bool, plic: bool, on: bool): void;
export function walk(): void {
  rewind();
  while (next(node))
    seen(node.depth, node.base(0), node.line(), node.compatible.has("virtio,mmio"), node.compatible.has("riscv,plic0"), node.isOn());
}
`;
const PLACE = 0x8800_0000n;
let wasm: Uint8Array;
let tree: Uint8Array;

interface Seen {
  readonly depth: number;
  readonly base: bigint;
  readonly line: number;
  readonly virtio: boolean;
  readonly plic: boolean;
}

/** What is found in `bytes`. A read outside of them fails. */
function walk(bytes: Uint8Array, size: number = bytes.length): Seen[] {
  const found: Seen[] = [];
  const instance: AsInstance = instantiateAs(wasm, {
    hw: {
      boot: (field: number) =>
        field === fields.tree ? PLACE : field === fields.treeSize ? BigInt(size) : 0n,
      load8(address: bigint) {
        const at = Number(address - PLACE);
        if (at < 0 || at >= bytes.length) throw new RangeError(`reads at ${at} of ${bytes.length}`);
        return bytes[at];
      },
    },
    walk: {
      seen: (depth: number, base: bigint, line: number, virtio: number, plic: number) =>
        found.push({
          depth,
          base: BigInt.asUintN(64, base),
          line: line >>> 0,
          virtio: virtio !== 0,
          plic: plic !== 0,
        }),
    },
  });
  instance.exports["walk"]();
  return found;
}

beforeAll(async () => {
  wasm = await compileAs({
    entry: "appliance/walk.ts",
    files: { "appliance/walk.ts": program },
  });
  const folder = mkdtempSync(join(tmpdir(), "appl-tree-"));
  const file = join(folder, "tree");
  spawnSync("qemu-system-riscv64", ["-M", `virt,dumpdtb=${file}`, "-m", "64", "-display", "none"]);
  tree = new Uint8Array(readFileSync(file));
  // QEMU writes more room than the tree takes.
  tree = tree.subarray(0, new DataView(tree.buffer).getUint32(4));
  rmSync(folder, { recursive: true });
});

test("finds the devices of QEMU's virt with their lines", () => {
  const all = walk(tree);
  expect(all[0]!.depth).toBe(1);
  const places = all.filter(({ virtio }) => virtio).map(({ base, line }) => [base, line]);
  expect(places).toEqual(Array.from({ length: 8 }, (_, n) => [0x1000_8000n - BigInt(n) * 0x1000n, 8 - n]));
  expect(all.filter(({ plic }) => plic).map(({ base }) => base)).toEqual([0xc00_0000n]);
});

test("a damaged tree ends where it is damaged: nothing outside of it is read, and every walk ends", () => {
  const whole = walk(tree).length;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(tree.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 8 }),
      fc.nat(tree.length),
      fc.boolean(),
      (changes, length, cut) => {
        const bytes = tree.slice(0, cut ? length : undefined);
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        expect(walk(bytes).length).toBeLessThanOrEqual(whole + 8);
      },
    ),
    { numRuns: 150 },
  );
});

test("numbers in the header that make no sense are no reason to read elsewhere", () => {
  for (const at of [8, 12, 32, 36])
    for (const value of [0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff]) {
      const bytes = tree.slice();
      new DataView(bytes.buffer).setUint32(at, value);
      walk(bytes);
    }
});

test("drivers and boot code mean the same fields of the boot record", () => {
  const text = ["backends/riscv/drivers/boot-record.ts", "backends/common/drivers/boot-record.ts"]
    .map((file) => readFileSync(file, "utf8"))
    .join("");
  const numbers = [...text.matchAll(/export const (\w+): u32 = (\d+);/g)].map(([, name, value]) => [
    name,
    Number(value),
  ]);
  expect(Object.fromEntries(numbers)).toEqual(fields);
});
