/**
 * What runs below an image that starts without firmware: one page before it, in machine mode. It gives the image supervisor mode, keeps it away from this page,
 * and answers the calls of SBI that the image makes; nothing else ever gets here (RISC-V Privileged Architecture 20211203, chapter 3).
 */
import { type Label, link, RiscvAssembler, riscvHoles, riscvRegs } from "#codegen";
import { loadWord, storeWord, type Width } from "../boot/idioms.ts";
import { PAGE, sbi } from "../boot/layout.ts";

const { a0, a1, a6, a7, sp, t0, t1, t2, zero } = riscvRegs;
type Reg = riscvRegs.Reg;

/** Where things are that have to be known before there is a description of the machine. */
export interface BareMachine {
  /** The address at which the machine starts the image. */
  readonly entry: number;
  /** A UART like the 16550, a byte for each register. */
  readonly uart: number;
  /** SiFive's core-local interruptor. */
  readonly clint: number;
  /** SiFive's test device, which switches the machine off. */
  readonly finisher: number;
}

/** What supervisor mode may do with memory, from the end of the one before on. */
export interface Fence {
  readonly end: number;
  readonly access: "" | "r" | "rw" | "rx";
}

export interface ShimOptions {
  readonly xlen: Width;
  readonly machine: BareMachine;
  /** Behind the shim, in order. What is left may be read and written, and with page tables, which say more, executed. */
  readonly fences: readonly Fence[];
}

/** The image begins behind it. */
export const SHIM_SIZE = PAGE;

const uart = { data: 0, lineStatus: 5, ready: 0x20 } as const;
const TIME_COMPARE = 0x4000;
const finish = { off: 0x5555, again: 0x7777, failed: 0x1_3333 } as const;
const pmp = { r: 1, w: 2, x: 4, range: 1 << 3, powerOfTwo: 3 << 3 } as const;
const PRIVILEGE = 3n << 11n;
const SUPERVISOR = 1n << 11n;
const pending = { supervisorTimer: 1n << 5n, machineTimer: 1n << 7n } as const;
/** All that supervisor mode can do wrong, but for its calls. */
const EXCEPTIONS = 0xb1ffn;
const INTERRUPTS = 0x222n;
const COUNTERS = 7n;
const CALL = 9;
const SPECIFICATION = 1n << 24n;
const NOT_SUPPORTED = -2n;
const RETURN = 13n;
const NEW_LINE = 10n;
const saved = [t0, t1, t2] as const;

export function shim(options: ShimOptions): Uint8Array {
  const a = new RiscvAssembler(options.xlen);
  const park = a.label();
  a.csr("csrrw", zero, "mie", zero);
  a.csr("csrrs", a0, "mhartid", zero);
  a.branch("ne", a0, zero, park);
  a.la(t0, "shim.trap");
  a.csr("csrrw", zero, "mtvec", t0);
  a.la(t0, "shim.end");
  a.csr("csrrw", zero, "mscratch", t0);
  protect(a, options);
  for (const [csr, value] of [
    ["medeleg", EXCEPTIONS],
    ["mideleg", INTERRUPTS],
    ["mcounteren", COUNTERS],
    ["mip", 0n],
    ["satp", 0n],
  ] as const) {
    a.li(t0, value);
    a.csr("csrrw", zero, csr, t0);
  }
  a.li(t0, PRIVILEGE);
  a.csr("csrrc", zero, "mstatus", t0);
  a.li(t0, SUPERVISOR);
  a.csr("csrrs", zero, "mstatus", t0);
  a.la(t0, "shim.end");
  a.csr("csrrw", zero, "mepc", t0);
  a.plain("mret");
  a.bind(park);
  const asleep = a.here();
  a.plain("wfi");
  a.jump(asleep);
  trap(a, options.machine);
  return linked(a, options.machine.entry);
}

/** Everything is relative to where it lies, so the address is that of a machine only for the numbers of the fences. */
function linked(a: RiscvAssembler, base: number): Uint8Array {
  const { segments } = link([a.section("shim", "rx", 4)], {
    base,
    pageSize: PAGE,
    holes: riscvHoles,
    absolute: new Map([["shim.end", base + SHIM_SIZE]]),
  });
  const bytes = new Uint8Array(SHIM_SIZE);
  bytes.set(segments[0]!.bytes);
  return bytes;
}

/** Physical memory protection (3.7): the first entry that has an address decides. */
function protect(a: RiscvAssembler, { xlen, machine, fences }: ShimOptions): void {
  const all = xlen === 64 ? pmp.r | pmp.w | pmp.x : pmp.r | pmp.w;
  const entries = [
    { address: machine.entry, config: 0 },
    { address: machine.entry + SHIM_SIZE, config: pmp.range },
    ...fences.map(({ end, access }) => ({ address: end, config: pmp.range | bitsOf(access) })),
    { address: undefined, config: pmp.powerOfTwo | all },
  ];
  const addresses = [
    "pmpaddr0",
    "pmpaddr1",
    "pmpaddr2",
    "pmpaddr3",
    "pmpaddr4",
    "pmpaddr5",
    "pmpaddr6",
  ] as const;
  if (entries.length > addresses.length) throw new Error("BUG: more fences than the shim has entries");
  entries.forEach(({ address }, n) => {
    a.li(t0, address === undefined ? -1n : BigInt(Math.floor(address / 4)));
    a.csr("csrrw", zero, addresses[n]!, t0);
  });
  const config = entries.reduce((bits, { config: byte }, n) => bits | (BigInt(byte) << BigInt(8 * n)), 0n);
  a.li(t0, config);
  a.csr("csrrw", zero, "pmpcfg0", t0);
  if (xlen === 64) return;
  a.li(t0, config >> 32n);
  a.csr("csrrw", zero, "pmpcfg1", t0);
}

const bitsOf = (access: Fence["access"]): number =>
  [...access].reduce((bits, letter) => bits | pmp[letter as "r" | "w" | "x"], 0);

function trap(a: RiscvAssembler, machine: BareMachine): void {
  const [timer, failed, out] = [a.label(), a.label(), a.label()];
  a.align(4);
  a.symbol("shim.trap");
  a.csr("csrrw", sp, "mscratch", sp);
  a.i("addi", sp, sp, -8 * saved.length);
  saved.forEach((reg, n) => {
    storeWord(a, reg, sp, 8 * n);
  });
  a.csr("csrrs", t0, "mcause", zero);
  a.branch("lt", t0, zero, timer);
  a.i("addi", t0, t0, -CALL);
  a.branch("ne", t0, zero, failed);
  a.csr("csrrs", t0, "mepc", zero);
  a.i("addi", t0, t0, 4);
  a.csr("csrrw", zero, "mepc", t0);
  calls(a, machine, out);
  // The timer is the one interrupt that comes here: it becomes supervisor mode's.
  a.bind(timer);
  change(a, "csrrc", "mie", pending.machineTimer);
  change(a, "csrrs", "mip", pending.supervisorTimer);
  a.bind(out);
  saved.forEach((reg, n) => {
    loadWord(a, reg, sp, 8 * n);
  });
  a.i("addi", sp, sp, 8 * saved.length);
  a.csr("csrrw", sp, "mscratch", sp);
  a.plain("mret");
  a.bind(failed);
  end(a, machine, finish.failed);
}

function calls(a: RiscvAssembler, machine: BareMachine, out: Label): void {
  on(a, a7, sbi.putchar, () => {
    const plain = a.label();
    a.li(t1, NEW_LINE);
    a.branch("ne", a0, t1, plain);
    a.li(t2, RETURN);
    put(a, machine, t2);
    a.bind(plain);
    put(a, machine, a0);
    a.mv(a0, zero);
    a.jump(out);
  });
  on(a, a7, sbi.time, () => {
    setTimer(a, machine);
    answer(a, out, 0n);
  });
  on(a, a7, sbi.base, () => {
    on(a, a6, 0n, () => {
      a.li(a1, SPECIFICATION);
      a.mv(a0, zero);
      a.jump(out);
    });
    // Whether there is an extension (4.4): of those that an image asks for.
    a.mv(t1, a0);
    a.mv(a0, zero);
    a.li(a1, 1n);
    for (const extension of [sbi.time, sbi.reset, sbi.base]) {
      a.li(t0, extension);
      a.branch("eq", t0, t1, out);
    }
    a.mv(a1, zero);
    a.jump(out);
  });
  on(a, a7, sbi.shutdown, () => end(a, machine, finish.off));
  on(a, a7, sbi.reset, () => {
    const off = a.label();
    a.branch("eq", a0, zero, off);
    end(a, machine, finish.again);
    a.bind(off);
    const well = a.label();
    a.branch("eq", a1, zero, well);
    end(a, machine, finish.failed);
    a.bind(well);
    end(a, machine, finish.off);
  });
  answer(a, out, NOT_SUPPORTED);
}

/** Uses t0. */
function on(a: RiscvAssembler, reg: Reg, number: bigint, then: () => void): void {
  const other = a.label();
  a.li(t0, number);
  a.branch("ne", reg, t0, other);
  then();
  a.bind(other);
}

function answer(a: RiscvAssembler, out: Label, error: bigint): void {
  a.li(a0, error);
  a.mv(a1, zero);
  a.jump(out);
}

/** Uses t0 and t1. */
function put(a: RiscvAssembler, machine: BareMachine, byte: Reg): void {
  a.li(t0, BigInt(machine.uart));
  const busy = a.here();
  a.load("lbu", t1, t0, uart.lineStatus);
  a.i("andi", t1, t1, uart.ready);
  a.branch("eq", t1, zero, busy);
  a.store("sb", byte, t0, uart.data);
}

/** a0, with 32 bits a1 and a0: when. In between, the halves never are a time that is earlier. */
function setTimer(a: RiscvAssembler, machine: BareMachine): void {
  a.li(t0, BigInt(machine.clint + TIME_COMPARE));
  if (a.xlen === 64) a.store("sd", a0, t0);
  else {
    a.li(t1, -1n);
    a.store("sw", t1, t0, 4);
    a.store("sw", a0, t0);
    a.store("sw", a1, t0, 4);
  }
  change(a, "csrrc", "mip", pending.supervisorTimer);
  change(a, "csrrs", "mie", pending.machineTimer);
}

function change(a: RiscvAssembler, how: "csrrs" | "csrrc", csr: "mip" | "mie", bits: bigint): void {
  a.li(t1, bits);
  a.csr(how, zero, csr, t1);
}

function end(a: RiscvAssembler, machine: BareMachine, word: number): void {
  a.li(t0, BigInt(machine.finisher));
  a.li(t1, BigInt(word));
  a.store("sw", t1, t0);
  const ever = a.here();
  a.plain("wfi");
  a.jump(ever);
}
