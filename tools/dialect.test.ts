import { expect, test } from "vitest";
import { lint } from "./dialect/lint.ts";

/** Rules that a text breaks, as they come. */
function broken(text: string, path = "stdlib/some/index.ts", others: Record<string, string> = {}): string[] {
  return lint(new Map([...Object.entries(others), [path, text]])).map((breach) => breach.rule);
}
const inFunction = (body: string) =>
  `class Row { byte: u8 = 0; word: u16 = 0; wide: u64 = 0; constructor(public given: u8) {} narrow(): u8 { return 0; } }
   export function f(a: u8, b: u8, i: i32, u: u32, w: u64, bytes: StaticArray<u8>, row: Row): void { ${body} }`;

/** What asc does with each: research on 0.28.20 (1, 2 give 3 for the first). */
const bad: [rule: string, text: string][] = [
  ["narrow-arithmetic", inFunction("const x: u32 = a << 8 | b;")],
  ["narrow-arithmetic", inFunction("const x: u32 = a + b;")],
  ["narrow-arithmetic", inFunction("const x: u32 = a + 1;")],
  ["narrow-arithmetic", inFunction("const x: u32 = 1 + a;")],
  ["narrow-arithmetic", inFunction("const x: u32 = bytes[0] << 8;")],
  ["narrow-arithmetic", inFunction("const x: u32 = row.word * row.word;")],
  ["narrow-arithmetic", inFunction("const x: u32 = row.given + row.narrow();")],
  ["narrow-arithmetic", inFunction("row.byte += 1;")],
  ["narrow-arithmetic", inFunction("row.byte++;")],
  ["narrow-arithmetic", inFunction("const x: i32 = -a;")],
  ["narrow-arithmetic", inFunction("const c = a; const x: u32 = (c) << 1;")],
  ["mixed-signs", inFunction("if (i == u) return;")],
  ["mixed-signs", inFunction("if (bytes.length != u) return;")],
  ["far-shift", inFunction("const x = u << 32;")],
  ["far-shift", inFunction("const x = u >> 40;")],
  ["late-widening", inFunction("const x: u64 = u << 16;")],
  ["late-widening", inFunction("w = u * u;")],
  ["late-widening", inFunction("row.wide = row.wide | (u << 20);")],
  ["sign-extension", inFunction("const x: u64 = i;")],
  ["sign-extension", inFunction("w = w + i;")],
  ["never-negative", inFunction("for (let n: u32 = 9; n >= 0; n--) {}")],
  ["never-negative", inFunction("if (u - 1 < 0) return;")],
  ["unsafe", "export function f(p: usize): u32 { return load<u8>(p); }"],
  ["unsafe", "export function f(p: usize): void { store<u8>(p, 1); }"],
  ["unsafe", "export function f(p: usize): i32 { return i32.load(p); }"],
  ["unsafe", "export function f(s: string): usize { return changetype<usize>(s); }"],
  ["unsafe", "export function f(a: StaticArray<u8>): u8 { return unchecked(a[0]); }"],
  ["unsafe", "export function f(): void { memory.fill(0, 0, 1); }"],
  ["unsafe", "export function f(): usize { return heap.alloc(8); }"],
  ["unsafe", "@unmanaged class A {}"],
  ["float", "export function f(): f64 { return 1; }"],
  ["float", "export let x: number = 1;"],
  ["float", "export function f(): i32 { return <i32>(1.5); }"],
  ["float", "export function f(): i32 { return <i32>Math.floor(2); }"],
  ["function-value", "export function f(g: (x: i32) => i32): i32 { return g(1); }"],
  ["function-value", "export function f(a: Array<i32>): void { a.sort((x, y) => x - y); }"],
  [
    "implements",
    "interface I { m(): i32 } class B { m(): i32 { return 1; } } class C extends B implements I {}",
  ],
  ["re-export", 'export { f } from "./other";'],
  ["private", "class A { private x: i32 = 0; } export function f(a: A): i32 { return a.x; }"],
];
for (const [rule, text] of bad)
  test(`${rule}: refuses ${text.slice(text.indexOf("{ ") + 1, 90).trim()} …${text.slice(-50)}`, () => {
    // A function type is seen as the type and as what it is used for.
    expect(new Set(broken(text))).toContain(rule);
  });

const good = [
  inFunction("const x: u32 = (<u32>a << 8) | <u32>b;"),
  inFunction("const x = <u8>(a + b);"),
  inFunction("const x: u32 = a & b; if (a < b || a == 3) return;"),
  inFunction("const x = u + a;"),
  inFunction("if (<u32>i == u) return; if (u != 5) return; if (a == b) return;"),
  inFunction("const x: u64 = <u64>u << 40;"),
  inFunction("const x = w << 40; w = w + <u64>u; w = u;"),
  inFunction("for (let n = 9; n >= 0; n--) {}"),
  inFunction("const load = u; if (load == 1) return;"),
  "class Math { static of(): i32 { return 1; } } export function f(): i32 { return Math.of(); }",
  "abstract class B { abstract m(): i32; } class C extends B { m(): i32 { return 1; } }",
  'export * from "./other";',
  "class A { private x: i32 = 0; same(other: A): bool { return this.x == other.x; } }",
];
for (const text of good)
  test(`accepts ${text.slice(-70)}`, () => {
    expect(broken(text)).toEqual([]);
  });

test("core and drivers may touch memory, and nobody may use floats", () => {
  const text = "export function f(p: usize): f32 { return <f32>load<u8>(p); }";
  expect(broken(text, "stdlib/core/bytes.ts")).toEqual(["float", "float"]);
  expect(broken(text, "backends/kvm/drivers/net/index.ts")).toEqual(["float", "float"]);
});

test("what core makes for every program that imports it is refused", () => {
  const text = "const table = new StaticArray<u8>(256); export function f(): u8 { return table[0]; }";
  expect(broken(text, "stdlib/core/table.ts")).toEqual(["heavy-global"]);
  expect(broken(text)).toEqual([]);
});

test("types come from the files that are imported", () => {
  const values =
    "export class Ip { constructor(public bytes: StaticArray<u8>) {} }\nexport const LIMIT: u32 = 5;";
  const text = `import { Ip, LIMIT } from "../core/values";
import * as values from "../core/values";
export function f(ip: Ip, n: i32): u32 {
  if (n == LIMIT) return 0;
  if (n == values.LIMIT) return 1;
  return ip.bytes[0] << 8;
}`;
  expect(broken(text, "stdlib/some/index.ts", { "stdlib/core/values.ts": values })).toEqual([
    "mixed-signs",
    "mixed-signs",
    "narrow-arithmetic",
  ]);
});

test("says where", () => {
  const [breach] = lint(new Map([["stdlib/a/b.ts", "\n\nexport const x: i32 = 1 + <i32>Math.abs(1);\n"]]));
  expect(breach).toMatchObject({ path: "stdlib/a/b.ts", line: 3, column: 32, rule: "float" });
});
