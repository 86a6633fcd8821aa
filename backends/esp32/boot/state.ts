/** The memory that boot code needs beside the image: all zero at the start, so none of it is in the file. */
import { dataSection, type Section, symbols, zeroSection } from "#codegen";
import { MOST_DEVICES } from "./hardware.ts";
import { FIELD_COUNT, frame } from "./layout.ts";

/** Exceptions run on a stack of their own: the ordinary one may be what failed. */
const FAULT_STACK = 256;

/** Linear memory, of so many bytes, ends the image. */
export function state(linear: number): Section[] {
  const rows: readonly (readonly [name: string, bytes: number])[] = [
    ["boot.record", 8 * FIELD_COUNT],
    ["boot.devices", 8 * MOST_DEVICES],
    ["boot.frame", frame.size],
    ["boot.fault_stack", FAULT_STACK],
    ["boot.digits", 20],
    ["boot.clock", 8],
    ["boot.devices_used", 4],
    ["boot.in_a_row", 4],
    [symbols.memoryPages, 4],
    [symbols.memoryBytes, 4],
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

const texts: Readonly<Record<string, string>> = {
  full: "\r\nappl: out of memory",
  loop: "; it fails again and again",
  returned: "\r\nappl: the program ended",
  stopped: "; stopped\r\n",
  nothing: "",
  fault: "\r\nappl: fault ",
  trap: "\r\nappl: trap ",
  address: " at ",
  target: " address ",
  registers: "\r\nappl: registers",
  blank: " ",
  back: ", return to ",
};

/** Constants: where code lies only whole words can be read. */
export const messages = (): Section[] =>
  Object.entries(texts).map(([name, text]) =>
    dataSection(`boot.text.${name}`, "r", 1, new TextEncoder().encode(`${text}\0`)),
  );
