import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type ElfFile, readNotes, writeElf } from "./elf.ts";

/** `exit(42)` for Linux: mov edi, 42; mov eax, 60; syscall. */
const exit42 = Uint8Array.of(0xbf, 42, 0, 0, 0, 0xb8, 60, 0, 0, 0, 0x0f, 0x05);

const file: ElfFile = {
  entry: 0x200000,
  segments: [
    { access: "rx", address: 0x200000, bytes: exit42, size: exit42.length },
    { access: "r", address: 0x201000, bytes: Uint8Array.of(1, 2, 3), size: 3 },
    { access: "rw", address: 0x202000, bytes: Uint8Array.of(4), size: 0x3000, physical: 0x900000 },
  ],
  notes: [{ name: "Xen", type: 18, descriptor: Uint8Array.of(0, 0, 0x20, 0, 0, 0, 0, 0) }],
  symbols: [
    { name: "start", address: 0x200000, size: 12, kind: "function" },
    { name: "counter", address: 0x202800, size: 8, kind: "object" },
    { name: "elsewhere", address: 0x10, size: 0, kind: "none" },
  ],
};

function withFile<T>(bytes: Uint8Array, use: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "appl-elf-"));
  try {
    const path = join(folder, "a.elf");
    writeFileSync(path, bytes);
    chmodSync(path, 0o755);
    return use(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const readelf = (bytes: Uint8Array, ...options: string[]) =>
  withFile(bytes, (path) => execFileSync("readelf", [...options, path], { encoding: "utf8", stdio: "pipe" }));

test("readelf reads the segments with their access, addresses and sizes", () => {
  const text = readelf(writeElf(file), "-W", "-l");
  const rows = [...text.matchAll(/^ {2}(LOAD|NOTE|GNU_STACK) +(.*)$/gm)].map(
    (m) => `${m[1]} ${m[2]!.replace(/ +/g, " ").trim()}`,
  );
  expect(rows).toEqual([
    "LOAD 0x001000 0x0000000000200000 0x0000000000200000 0x00000c 0x00000c R E 0x1000",
    "LOAD 0x002000 0x0000000000201000 0x0000000000201000 0x000003 0x000003 R 0x1000",
    "LOAD 0x003000 0x0000000000202000 0x0000000000900000 0x000001 0x003000 RW 0x1000",
    "NOTE 0x000158 0x0000000000000000 0x0000000000000000 0x000018 0x000018 R 0x4",
    "GNU_STACK 0x000000 0x0000000000000000 0x0000000000000000 0x000000 0x000000 RW 0x10",
  ]);
});

test("readelf finds nothing to complain about, and the note and symbols as given", () => {
  const bytes = writeElf(file);
  const check = withFile(bytes, (path) => spawnSync("readelf", ["-W", "-a", path], { encoding: "utf8" }));
  expect(check.stderr).toBe("");
  expect(check.stdout).toMatch(
    /Xen +0x00000008\s+Unknown note type: \(0x00000012\)\s+description data: 00 00 20 00/,
  );
  const symbols = [
    ...check.stdout.matchAll(/^ +\d+: ([0-9a-f]+) +(\d+) (\w+) +GLOBAL DEFAULT +(\w+) (\w+)$/gm),
  ];
  expect(symbols.map((m) => m.slice(1, 6).join(" "))).toEqual([
    "0000000000200000 12 FUNC 1 start",
    "0000000000202800 8 OBJECT 4 counter",
    "0000000000000010 0 NOTYPE ABS elsewhere",
  ]);
});

test("Linux runs it", () => {
  for (const bytes of [writeElf(file), writeElf({ ...file, symbols: [], notes: [] })])
    expect(withFile(bytes, (path) => spawnSync(path).status)).toBe(42);
});

test("a loader that copies needs no padding", () => {
  const { notes: _, symbols: __, ...bare } = file;
  const small = writeElf({ ...bare, align: 16 });
  expect(small.length).toBeLessThan(400);
  expect(readelf(small, "-W", "-l")).toContain("LOAD");
});

test("reads its notes again, and refuses what is no ELF file or cut off", () => {
  const bytes = writeElf(file);
  expect(readNotes(bytes)).toEqual(file.notes);
  expect(readNotes(bytes.subarray(0, 0x160))).toBeUndefined();
  expect(readNotes(exit42)).toBeUndefined();
  expect(readNotes(new Uint8Array(100))).toBeUndefined();
});
