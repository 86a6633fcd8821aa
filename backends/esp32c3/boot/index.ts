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
import { entry, GUARD, vectors } from "./entry.ts";
import { hardware } from "./hardware.ts";
import { loadField } from "./idioms.ts";

const { a0, s1, sp, t0, zero } = riscvRegs;

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
    fatal(),
    ...messages(),
  ];
  return { code, memory: state(roomFor(memoryBytes, memoryLimit)) };
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
    say("fault", () => a.csr("csrrs", a0, "mcause", zero));
    say("address", () => a.csr("csrrs", a0, "mepc", zero));
    say("target", () => a.csr("csrrs", a0, "mtval", zero));
    a.la(a0, "boot.text.nothing");
    a.jump(end);
    a.symbol("boot.loop");
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
