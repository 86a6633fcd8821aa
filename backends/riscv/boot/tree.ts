/**
 * From the flattened device tree (Devicetree Specification 0.4, chapter 5) what boot code itself needs: where memory is, what of it is taken, and how fast
 * time is counted. Drivers read the rest. Nothing outside of the tree's bounds is read, whatever is in it; a damaged tree stops the machine.
 */
import { type Label, type RiscvAssembler, riscvRegs, type Section } from "#codegen";
import { keeping, loadField, loadWordFrom, routine, storeField, type Width } from "./idioms.ts";
import { REGION, USUAL_TIMEBASE } from "./layout.ts";

const { t0, t1, t2, a0, a1, a2, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, zero } = riscvRegs;
type Reg = riscvRegs.Reg;

const MAGIC = 0xd00d_feedn;
const MOST_BYTES = 1n << 20n;
const token = { begin: 1, end: 2, property: 3, nothing: 4 } as const;
const header = {
  size: 4,
  structure: 8,
  strings: 12,
  reserved: 16,
  stringsSize: 32,
  structureSize: 36,
} as const;
/** What the node at depth 2, above or at the cursor, is. */
const kinds = { none: 0, memory: 1, reserved: 2, processors: 3, chosen: 4 } as const;

/** Texts that names are compared with. */
export const names: Readonly<Record<string, string>> = {
  memory: "memory",
  reserved: "reserved-memory",
  processors: "cpus",
  chosen: "chosen",
  commandLine: "bootargs",
  initrd: "linux,initrd-start",
  initrdEnd: "linux,initrd-end",
  reg: "reg",
  addressCells: "#address-cells",
  sizeCells: "#size-cells",
  timebase: "timebase-frequency",
};

export function parse(xlen: Width): Section {
  return routine(xlen, "boot.parse", (a) => {
    const bad = a.label();
    keeping(a, [], () => {
      loadField(a, s0, "tree");
      read32(a, s0, 0);
      a.li(t0, MAGIC);
      a.branch("ne", a0, t0, bad);
      read32(a, s0, header.size);
      a.mv(s10, a0);
      storeField(a, a0, "treeSize", t0);
      a.li(t0, MOST_BYTES);
      a.branch("ltu", t0, s10, bad);
      if (xlen === 64) {
        a.mv(a0, s0);
        a.mv(a1, s10);
        a.call("boot.add_taken");
      }
      part(a, s1, s2, header.structure, header.structureSize, bad);
      part(a, s3, s4, header.strings, header.stringsSize, bad);
      a.i("andi", t0, s1, 3);
      a.branch("ne", t0, zero, bad);
      a.r("add", s10, s10, s0);
      if (xlen === 64) reservations(a, bad);
      a.call("boot.walk");
      if (xlen === 64) {
        takeImage(a);
        takeInitrd(a);
      }
    });
    const some = a.label();
    loadWordFrom(a, t0, "boot.ranges_used");
    a.branch("ne", t0, zero, some);
    a.la(a0, "boot.text.memory");
    a.tail("boot.stop");
    a.bind(some);
    a.ret();
    a.bind(bad);
    a.symbol("boot.bad_tree");
    a.la(a0, "boot.text.tree");
    a.tail("boot.stop");
  });
}

/** Before the image lies firmware; and the image's last piece of 2 MiB cannot be reached. */
function takeImage(a: RiscvAssembler): void {
  a.la(a1, "image.end");
  loadWordFrom(a, t0, "boot.slide");
  a.r("add", a1, a1, t0);
  a.li(t0, BigInt(REGION));
  a.r("add", a1, a1, t0);
  a.shift("srli", a1, a1, 21);
  a.shift("slli", a1, a1, 21);
  a.mv(a0, zero);
  a.call("boot.add_taken");
}

function takeInitrd(a: RiscvAssembler): void {
  const none = a.label();
  loadField(a, a0, "initrd");
  loadField(a, a1, "initrdEnd");
  a.branch("geu", a0, a1, none);
  a.r("sub", a1, a1, a0);
  a.call("boot.add_taken");
  a.bind(none);
}

/** a0 = the number at `from` + offset. Uses t0 to t2. */
function read32(a: RiscvAssembler, from: Reg, offset: number): void {
  a.i("addi", a0, from, offset);
  a.call("boot.read32");
}

/** `from` to `end` is the part that two fields of the header name, within the tree's s10 bytes. */
function part(a: RiscvAssembler, from: Reg, end: Reg, at: number, size: number, bad: Label): void {
  read32(a, s0, at);
  a.mv(from, a0);
  read32(a, s0, size);
  a.r("add", end, from, a0);
  a.branch("ltu", s10, end, bad);
  a.branch("ltu", end, from, bad);
  a.r("add", from, from, s0);
  a.r("add", end, end, s0);
}

/** The list of pairs of address and size that ends with zeros. s10: the end of the tree. */
function reservations(a: RiscvAssembler, bad: Label): void {
  const done = a.label();
  read32(a, s0, header.reserved);
  a.r("add", s5, a0, s0);
  const next = a.here();
  a.i("addi", t0, s5, 16);
  a.branch("ltu", s10, t0, bad);
  a.mv(a0, s5);
  a.li(a1, 2n);
  a.call("boot.read_cells");
  a.mv(s6, a0);
  a.i("addi", a0, s5, 8);
  a.li(a1, 2n);
  a.call("boot.read_cells");
  a.mv(a1, a0);
  a.mv(a0, s6);
  a.i("addi", s5, s5, 16);
  a.branch("eq", a1, zero, done);
  a.call("boot.add_taken");
  a.jump(next);
  a.bind(done);
}

/** s1 to s2: the structure; s3 to s4: the strings. s5 becomes the depth, s6 a kind, s7 and s8 the root's cells of addresses and sizes. */
export function walk(xlen: Width): Section {
  return routine(xlen, "boot.walk", (a) => {
    const [next, begin, end, property, nothing, done, bad] = Array.from({ length: 7 }, () => a.label());
    keeping(a, [], () => {
      a.mv(s5, zero);
      a.mv(s6, zero);
      a.li(s7, 2n);
      a.li(s8, 1n);
      a.li(t0, BigInt(USUAL_TIMEBASE));
      storeField(a, t0, "timebase", t1);
      a.bind(next!);
      a.i("addi", t0, s1, 4);
      a.branch("ltu", s2, t0, done!);
      read32(a, s1, 0);
      a.i("addi", s1, s1, 4);
      for (const [number, label] of [
        [token.begin, begin!],
        [token.end, end!],
        [token.property, property!],
        [token.nothing, nothing!],
      ] as const) {
        a.li(t0, BigInt(number));
        a.branch("eq", a0, t0, label);
      }
      a.jump(done!);
      a.bind(nothing!);
      a.jump(next!);
      a.bind(begin!);
      beginNode(a);
      a.jump(next!);
      a.bind(end!);
      a.i("addi", s5, s5, -1);
      a.branch("ge", zero, s5, done!);
      a.i("addi", t0, s5, -1);
      a.branch("ne", t0, zero, next!);
      a.mv(s6, zero);
      a.jump(next!);
      a.bind(property!);
      propertyOf(a, bad!);
      a.jump(next!);
      a.bind(done!);
    });
    a.ret();
    a.bind(bad!);
    a.tail("boot.bad_tree");
  });
}

/** s1: at the node's name, and behind it when this is done. */
function beginNode(a: RiscvAssembler): void {
  const [known, over, skip] = [a.label(), a.label(), a.label()];
  a.i("addi", s5, s5, 1);
  a.i("addi", t0, s5, -2);
  a.branch("ne", t0, zero, known);
  for (const [name, kind] of [
    ["memory", kinds.memory],
    ["reserved", kinds.reserved],
    ["processors", kinds.processors],
    ["chosen", kinds.chosen],
  ] as const) {
    a.li(s6, BigInt(kind));
    same(a, s1, s2, name);
    a.branch("ne", a0, zero, known);
  }
  a.li(s6, BigInt(kinds.none));
  a.bind(known);
  const next = a.here();
  a.branch("geu", s1, s2, over);
  a.load("lbu", t0, s1);
  a.i("addi", s1, s1, 1);
  a.branch("ne", t0, zero, next);
  a.bind(over);
  a.bind(skip);
  a.i("addi", s1, s1, 3);
  a.i("andi", s1, s1, -4);
}

/** a0 becomes not 0 if the name at `at` is the text, or goes on with the address of a unit. */
function same(a: RiscvAssembler, at: Reg, end: Reg, name: string): void {
  a.mv(a0, at);
  a.la(a1, `boot.name.${name}`);
  a.mv(a2, end);
  a.call("boot.same");
}

/** s1: at a property's length. Below s9 is its value, s1 its end. */
function propertyOf(a: RiscvAssembler, bad: Label): void {
  const [out, other, notRoot, deep] = [a.label(), a.label(), a.label(), a.label()];
  a.i("addi", s9, s1, 8);
  a.branch("ltu", s2, s9, bad);
  read32(a, s1, 4);
  a.r("add", s10, a0, s3);
  read32(a, s1, 0);
  a.r("sub", t0, s2, s9);
  a.branch("ltu", t0, a0, bad);
  a.r("add", s1, s9, a0);
  a.branch("geu", s10, s4, out);
  a.branch("ltu", s10, s3, out);
  a.i("addi", t0, s5, -1);
  a.branch("ne", t0, zero, notRoot);
  cellCount(a, "addressCells", s7, out, bad);
  cellCount(a, "sizeCells", s8, out, bad);
  a.jump(out);
  a.bind(notRoot);
  a.li(t0, BigInt(kinds.processors));
  a.branch("ne", s6, t0, other);
  timebase(a, out);
  a.jump(out);
  a.bind(other);
  const noWords = a.label();
  a.li(t0, BigInt(kinds.chosen));
  a.branch("ne", s6, t0, noWords);
  commandLine(a, out);
  initrd(a, "initrd", out);
  initrd(a, "initrdEnd", out);
  a.jump(out);
  a.bind(noWords);
  // `reg` of a memory node at depth 2, or of a child of the reserved ones at depth 3.
  a.branch("eq", s6, zero, out);
  a.i("addi", t0, s5, -1);
  a.branch("ne", t0, s6, out);
  same(a, s10, s4, "reg");
  a.branch("eq", a0, zero, out);
  a.bind(deep);
  const pair = a.here();
  a.r("add", t0, s7, s8);
  a.shift("slli", t0, t0, 2);
  a.r("add", t0, t0, s9);
  a.branch("ltu", s1, t0, out);
  a.mv(a0, s9);
  a.mv(a1, s7);
  a.call("boot.read_cells");
  a.mv(s10, a0);
  if (a.xlen === 32) a.mv(s11, a1);
  a.shift("slli", t0, s7, 2);
  a.r("add", a0, s9, t0);
  a.mv(a1, s8);
  a.call("boot.read_cells");
  if (a.xlen === 32) {
    const small = a.label();
    a.branch("eq", a1, zero, small);
    a.li(a0, -1n);
    a.bind(small);
  }
  a.mv(a1, a0);
  a.mv(a0, s10);
  a.r("add", t0, s7, s8);
  a.shift("slli", t0, t0, 2);
  a.r("add", s9, s9, t0);
  if (a.xlen === 32) a.branch("ne", s11, zero, pair);
  const taken = a.label();
  a.li(t0, BigInt(kinds.memory));
  a.branch("ne", s6, t0, taken);
  a.call("boot.add_range");
  a.jump(pair);
  a.bind(taken);
  if (a.xlen === 64) a.call("boot.add_taken");
  a.jump(pair);
  a.bind(out);
  a.i("addi", s1, s1, 3);
  a.i("andi", s1, s1, -4);
}

/** Numbers of cells are 1 or 2 where a machine has 64 bits. */
function cellCount(a: RiscvAssembler, name: string, to: Reg, out: Label, bad: Label): void {
  const other = a.label();
  same(a, s10, s4, name);
  a.branch("eq", a0, zero, other);
  a.i("addi", t0, s9, 4);
  a.branch("ltu", s1, t0, bad);
  read32(a, s9, 0);
  a.i("addi", t0, a0, -1);
  a.li(t1, 2n);
  a.branch("geu", t0, t1, bad);
  a.mv(to, a0);
  a.jump(out);
  a.bind(other);
}

/** One cell, or two of which the second counts. */
function timebase(a: RiscvAssembler, out: Label): void {
  same(a, s10, s4, "timebase");
  a.branch("eq", a0, zero, out);
  a.r("sub", t0, s1, s9);
  a.li(t1, 4n);
  a.branch("ltu", t0, t1, out);
  a.i("addi", a0, s1, -4);
  a.call("boot.read32");
  a.branch("eq", a0, zero, out);
  storeField(a, a0, "timebase", t0);
}

/** Its last byte is a zero, which does not count. */
function commandLine(a: RiscvAssembler, out: Label): void {
  const other = a.label();
  same(a, s10, s4, "commandLine");
  a.branch("eq", a0, zero, other);
  a.branch("eq", s1, s9, out);
  storeField(a, s9, "commandLine", t0);
  a.r("sub", t1, s1, s9);
  a.i("addi", t1, t1, -1);
  storeField(a, t1, "commandLineLength", t0);
  a.jump(out);
  a.bind(other);
}

/** An address of one cell or two. */
function initrd(a: RiscvAssembler, name: "initrd" | "initrdEnd", out: Label): void {
  const other = a.label();
  same(a, s10, s4, name);
  a.branch("eq", a0, zero, other);
  a.r("sub", a1, s1, s9);
  a.shift("srli", a1, a1, 2);
  a.i("addi", t0, a1, -1);
  a.li(t1, 2n);
  a.branch("geu", t0, t1, out);
  a.mv(a0, s9);
  a.call("boot.read_cells");
  storeField(a, a0, name, t0);
  a.jump(out);
  a.bind(other);
}

/** Leaves without a frame. */
export function readers(xlen: Width): Section[] {
  return [
    routine(xlen, "boot.read32", (a) => {
      a.mv(t0, a0);
      a.mv(a0, zero);
      for (let n = 0; n < 4; n++) {
        a.shift("slli", a0, a0, 8);
        a.load("lbu", t1, t0, n);
        a.r("or", a0, a0, t1);
      }
      a.ret();
    }),
    // a0: where, a1: how many cells, 1 or 2. With 32 bits a1 is the upper half then.
    routine(xlen, "boot.read_cells", (a) => {
      a.mv(t0, a0);
      a.mv(a0, zero);
      if (xlen === 32) a.mv(t2, zero);
      a.shift("slli", a1, a1, 2);
      const next = a.here();
      if (xlen === 32) {
        a.shift("slli", t2, t2, 8);
        a.shift("srli", t1, a0, 24);
        a.r("or", t2, t2, t1);
      }
      a.shift("slli", a0, a0, 8);
      a.load("lbu", t1, t0);
      a.r("or", a0, a0, t1);
      a.i("addi", t0, t0, 1);
      a.i("addi", a1, a1, -1);
      a.branch("ne", a1, zero, next);
      if (xlen === 32) a.mv(a1, t2);
      a.ret();
    }),
    // a0: a name, a2: where its table ends, a1: a text that ends with 0. A name may go on with `@` and the address of a unit.
    routine(xlen, "boot.same", (a) => {
      const [no, yes, ended] = [a.label(), a.label(), a.label()];
      const next = a.here();
      a.branch("geu", a0, a2, no);
      a.load("lbu", t0, a0);
      a.load("lbu", t1, a1);
      a.branch("eq", t1, zero, ended);
      a.branch("ne", t0, t1, no);
      a.i("addi", a0, a0, 1);
      a.i("addi", a1, a1, 1);
      a.jump(next);
      a.bind(ended);
      a.branch("eq", t0, zero, yes);
      a.i("addi", t0, t0, -0x40);
      a.branch("eq", t0, zero, yes);
      a.bind(no);
      a.mv(a0, zero);
      a.ret();
      a.bind(yes);
      a.li(a0, 1n);
      a.ret();
    }),
  ];
}
