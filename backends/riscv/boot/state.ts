/** The memory that boot code needs beside the image: all zero at the start, so none of it is in the file. */
import { dataSection, type Section, symbols, zeroSection } from "#codegen";
import { FAULT_STACK_SIZE, FIELD_COUNT, PAGE, STACK_SIZE } from "./layout.ts";
import { MOST_DEVICES } from "./quiet.ts";
import { MAX_RANGES, MAX_TAKEN } from "./ranges.ts";
import { names } from "./tree.ts";

const small: Rows = [
  ["boot.record", 8 * FIELD_COUNT],
  ["boot.ranges", 16 * MAX_RANGES],
  ["boot.taken", 16 * MAX_TAKEN],
  ["boot.devices", 16 * MOST_DEVICES],
  ["boot.digits", 24],
  ["boot.slide", 8],
  ["boot.free", 8],
  ["boot.next", 8],
  ["boot.limit", 8],
  ["boot.range", 8],
  ["boot.ranges_used", 8],
  ["boot.taken_used", 8],
  ["boot.devices_used", 8],
  ["boot.in_a_row", 8],
  [symbols.memoryPages, 8],
  [symbols.memoryBytes, 8],
];

type Rows = readonly (readonly [name: string, bytes: number])[];

/** Page tables; `regions`: as for `tables`. */
export const pagedState = (regions: number): Rows => [
  ["boot.root", PAGE],
  ["boot.near", 2 * PAGE],
  ["boot.directory", PAGE],
  ["boot.fine", regions * PAGE],
];

/** Linear memory; `limit`: in pages of 64 KiB. */
export const flatState = (limit: number): Rows => [["boot.linear", limit * 65_536]];

/** `more`: in whole pages. The last of these sections ends the image in memory. */
export function state(more: Rows): Section[] {
  const words = placed(small);
  const tables = placed([
    ["boot.guard", PAGE],
    ["boot.stack", STACK_SIZE],
    ["boot.fault_stack", FAULT_STACK_SIZE],
    ...more,
  ]);
  return [
    zeroSection("boot.state", 64, words.size, words.marks),
    zeroSection("boot.pages", PAGE, tables.size, [
      ...tables.marks,
      { name: "image.end", offset: tables.size },
    ]),
  ];
}

/** One after the other, with a symbol at the beginning and the end of each. */
function placed(rows: Rows) {
  let size = 0;
  const marks = rows.flatMap(([name, bytes]) => {
    const offset = size;
    size += bytes;
    return [
      { name, offset },
      { name: `${name}.end`, offset: size },
    ];
  });
  return { size, marks };
}

/** The firmware makes a whole end of line of each. */
const texts: Readonly<Record<string, string>> = {
  tree: "\nappl: the device tree is damaged, or there is none",
  memory: "\nappl: the device tree has no memory below 4 GiB",
  full: "\nappl: out of memory",
  loop: "; it fails again and again",
  returned: "\nappl: the program ended",
  stopped: "; stopped\n",
  nothing: "",
  fault: "\nappl: fault ",
  trap: "\nappl: trap ",
  address: " at ",
  target: " address ",
};

export function messages(): Section[] {
  const all = (prefix: string, rows: Readonly<Record<string, string>>) =>
    Object.entries(rows).map(([name, text]) =>
      dataSection(`boot.${prefix}.${name}`, "rx", 1, new TextEncoder().encode(`${text}\0`)),
    );
  return [...all("text", texts), ...all("name", names)];
}
