/** Boot code of the ESP32-C3: what cannot be done from wasm. What RISC-V has for every machine of 32 bits is taken from there. */
import { riscvRegs, type Section, symbols, zeroSection } from "#codegen";
import { FIELD_COUNT, fields } from "../../esp32/boot/layout.ts";
import { messages } from "../../esp32/boot/state.ts";
import { roomFor } from "../../native/program.ts";
import { hexadecimal } from "../../riscv/boot/console.ts";
import { locate, request, trap } from "../../riscv/boot/faults.ts";
import { fill, flatPhysical } from "../../riscv/boot/flat.ts";
import { routine } from "../../riscv/boot/idioms.ts";
import { memoryGrow } from "../../riscv/boot/pages.ts";
import { MOST_DEVICES, note, quiet } from "../../riscv/boot/quiet.ts";
import { type Program, run, type TrapClock } from "../../riscv/boot/run.ts";
import { unpack } from "../../riscv/boot/unpack.ts";
import { windows } from "./chip.ts";
import { entry, GUARD, REGISTERS, vectors } from "./entry.ts";
import { hardware } from "./hardware.ts";
import { loadField } from "./idioms.ts";

const { a0, ra, s0, s1, sp, t0, t1, zero } = riscvRegs;

const FAULT_STACK = 256;

export interface BootOptions extends Omit<Program, "xlen" | "clock"> {
  /** Most pages of 64 KiB that linear memory may have. */
  readonly memoryLimit: number;
}

/** The counter and its rate; what the program does within a second of its start counts as one failure in a row. */
const clock: TrapClock = {
  now: (a) => {
    a.call("hw.ticks");
    a.mv(t0, a0);
  },
  started: fields.started,
  rate: fields.hertz,
};

/** The vectors first. */
export function bootSections(options: BootOptions): { code: Section[]; memory: Section[] } {
  const { memoryLimit, memoryBytes } = options;
  const code = [
    vectors(),
    entry(),
    run({ ...options, xlen: 32, clock }),
    fill(),
    unpack(32),
    trap(32, { clock, guard: GUARD, keepsStack: false, codeAsData: windows.data - windows.code }),
    locate(32),
    request(32),
    ...hardware(),
    flatPhysical(),
    memoryGrow(32, memoryLimit),
    note(32),
    quiet(32),
    hexadecimal(32),
    dump(),
    fatal(),
    ...messages(),
  ];
  return { code, memory: state(roomFor(memoryBytes, memoryLimit)) };
}

/** All registers as the last exception has found them, `ra` first; and where in compiled code that leads back to, if it does. */
function dump(): Section {
  return routine(32, "boot.dump", (a) => {
    const outside = a.label();
    a.mv(s1, ra);
    a.la(a0, "boot.text.registers");
    a.call("boot.print");
    a.la(s0, "boot.frame");
    const next = a.here();
    a.la(a0, "boot.text.blank");
    a.call("boot.print");
    a.load("lw", a0, s0);
    a.call("boot.hexadecimal");
    a.i("addi", s0, s0, 4);
    a.la(t0, "boot.frame.end");
    a.branch("ltu", s0, t0, next);
    a.loadFrom("lw", s0, "boot.frame");
    a.la(t0, "image.compiled");
    a.r("sub", s0, s0, t0);
    a.la(t1, "image.compiled_end");
    a.r("sub", t1, t1, t0);
    a.branch("geu", s0, t1, outside);
    a.la(a0, "boot.text.back");
    a.call("boot.print");
    a.mv(a0, s0);
    a.call("boot.hexadecimal");
    a.bind(outside);
    a.mv(ra, s1);
    a.ret();
  });
}

/** A fault that nobody expected, or traps without an end: said, with what is known, and the end. */
function fatal(): Section {
  return routine(32, "boot.fatal", (a) => {
    const end = a.label();
    const say = (text: string, number: () => void) => {
      a.la(a0, `boot.text.${text}`);
      a.call("boot.print");
      number();
      a.call("boot.hexadecimal");
    };
    a.la(sp, "boot.fault_stack.end");
    a.call("boot.dump");
    say("fault", () => a.csr("csrrs", a0, "mcause", zero));
    say("address", () => a.csr("csrrs", a0, "mepc", zero));
    say("target", () => a.csr("csrrs", a0, "mtval", zero));
    a.la(a0, "boot.text.nothing");
    a.jump(end);
    a.symbol("boot.loop");
    a.call("boot.dump");
    say("trap", () => loadField(a, a0, "trap"));
    say("address", () => loadField(a, a0, "trapAddress"));
    say("target", () => loadField(a, a0, "trapTarget"));
    a.la(a0, "boot.text.loop");
    a.bind(end);
    // Falls into: a0 is the reason.
    a.symbol("boot.stop");
    a.mv(s1, a0);
    a.la(sp, "boot.fault_stack.end");
    a.mv(a0, s1);
    a.call("boot.print");
    a.la(a0, "boot.text.stopped");
    a.call("boot.print");
    a.tail("hw.stop");
  });
}

/** All zero at the start. Linear memory, of so many bytes, ends the image. */
function state(linear: number): Section[] {
  const rows: readonly (readonly [name: string, bytes: number])[] = [
    ["boot.fault_stack", FAULT_STACK],
    ["boot.frame", 4 * (REGISTERS - 1)],
    ["boot.record", 8 * FIELD_COUNT],
    ["boot.devices", 16 * MOST_DEVICES],
    ["boot.digits", 24],
    ["boot.devices_used", 8],
    ["boot.in_a_row", 8],
    ["boot.listened", 8],
    [symbols.memoryPages, 8],
    [symbols.memoryBytes, 8],
  ];
  let size = 0;
  const marks = rows.flatMap(([name, bytes]) => {
    const begin = { name, offset: size };
    size += bytes;
    return [begin, { name: `${name}.end`, offset: size }];
  });
  return [
    zeroSection("boot.state", 16, size, marks),
    zeroSection("boot.linear", 16, linear, [
      { name: "boot.linear", offset: 0 },
      { name: "boot.linear.end", offset: linear },
      { name: "image.end", offset: linear },
    ]),
  ];
}
