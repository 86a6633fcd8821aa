/** The memory that boot code needs beside the image: all zero at the start, so none of it is in the file. */
import { dataSection, type Section, symbols, zeroSection } from "#codegen";
import { GATES, TASK_SIZE } from "./descriptors.ts";
import { FAULT_STACK_SIZE, FIELD_COUNT, PAGE, STACK_SIZE } from "./layout.ts";
import { COMMAND_LINE_SIZE, MAX_RANGES, MAX_TAKEN } from "./parse.ts";
import type { Platform } from "./platform.ts";
import { MOST_DEVICES } from "./quiet.ts";

const small: readonly (readonly [name: string, bytes: number])[] = [
  ["boot.record", 8 * FIELD_COUNT],
  ["boot.ranges", 16 * MAX_RANGES],
  ["boot.taken", 16 * MAX_TAKEN],
  ["boot.gates", 16 * GATES],
  ["boot.gdt_copy", 5 * 8],
  ["boot.task", TASK_SIZE],
  ["boot.rsdp", 40],
  ["boot.digits", 24],
  ["boot.pending", 8],
  ["boot.free", 8],
  ["boot.next", 8],
  ["boot.limit", 8],
  ["boot.ranges_used", 4],
  ["boot.taken_used", 4],
  ["boot.range", 4],
  ["boot.in_a_row", 4],
  ["boot.devices", 16 * MOST_DEVICES],
  ["boot.devices_used", 4],
  [symbols.memoryPages, 8],
  ["boot.command_line_copy", COMMAND_LINE_SIZE],
];

/** `regions`: as for `tables`; `more`: what the platform wants beside. The last of these sections ends the image in memory. */
export function state(regions: number, more: Platform["state"]): Section[] {
  let at = 0;
  const names = [...small, ...more].map(([name, bytes]) => {
    const offset = at;
    at += (bytes + 7) & ~7;
    return { name, offset };
  });
  const pages: readonly (readonly [name: string, bytes: number])[] = [
    ["boot.guard", PAGE],
    ["boot.stack", STACK_SIZE],
    ["boot.fault_stack", FAULT_STACK_SIZE],
    ["boot.root", PAGE],
    ["boot.pointers", PAGE],
    ["boot.directories", 4 * PAGE],
    ["boot.window", PAGE],
    ["boot.fine", regions * PAGE],
  ];
  let size = 0;
  const marks = pages.flatMap(([name, bytes]) => {
    const offset = size;
    size += bytes;
    return [
      { name, offset },
      { name: `${name}.end`, offset: size },
    ];
  });
  return [
    zeroSection("boot.state", 64, at, names),
    zeroSection("boot.pages", PAGE, size, [...marks, { name: "image.end", offset: size }]),
  ];
}

const texts: Readonly<Record<string, string>> = {
  processor: "appl: this processor has no 64-bit mode with no-execute pages; stopped\r\n",
  memory: "\r\nappl: the loader gave no memory map",
  full: "\r\nappl: out of memory",
  loop: "; it fails again and again",
  returned: "\r\nappl: the program ended",
  stopped: "; stopped\r\n",
  // Also a table of no interrupts.
  nothing: "\0\0\0\0\0\0\0\0\0",
  fault: "\r\nappl: fault ",
  trap: "\r\nappl: trap ",
  error: " error ",
  address: " at ",
  target: " address ",
};

export function messages(): Section[] {
  return Object.entries(texts).map(([name, text]) =>
    dataSection(`boot.text.${name}`, "rx", 1, new TextEncoder().encode(`${text}\0`)),
  );
}
