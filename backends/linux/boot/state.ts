/** The memory that boot code needs beside the image: all zero at the start, so none of it is in the file. */
import { type Section, symbols, zeroSection } from "#codegen";
import { PAGE } from "../../native/snapshot.ts";
import { FIELD_COUNT, fields, LINK_SIZE, MOST_LINKS, SIGNAL_STACK_SIZE, STACK_SIZE } from "./layout.ts";
import { LINE_SIZE } from "./texts.ts";

export const field = (name: keyof typeof fields) => ({ symbol: "boot.record", disp: 8 * fields[name] });

const small: readonly (readonly [name: string, bytes: number])[] = [
  ["boot.record", 8 * FIELD_COUNT],
  ["boot.links", LINK_SIZE * MOST_LINKS],
  // struct pollfd
  ["boot.poll", 8 * MOST_LINKS],
  ["boot.poll_output", 8],
  // struct iovec, two of them
  ["boot.vectors", 32],
  // struct timespec
  ["boot.time", 16],
  // struct ifreq and others
  ["boot.request", 40],
  ["boot.program", 8],
  ["boot.started", 8],
  ["boot.digits", 24],
  ["boot.number", 8],
  ["boot.links_used", 4],
  ["boot.received", 4],
  ["boot.line_used", 4],
  ["boot.in_a_row", 4],
  ["boot.patience", 4],
  [symbols.memoryPages, 8],
  ["boot.line", LINE_SIZE],
];

/** The last of these sections ends the image in memory. */
export function state(more: typeof small): Section[] {
  let at = 0;
  const names = [...small, ...more].map(([name, bytes]) => {
    const offset = at;
    at += (bytes + 7) & ~7;
    return { name, offset };
  });
  const stack = PAGE + STACK_SIZE;
  return [
    zeroSection("boot.state", 64, at, names),
    zeroSection("boot.stacks", PAGE, stack + SIGNAL_STACK_SIZE, [
      { name: "boot.guard", offset: 0 },
      { name: "boot.stack", offset: PAGE },
      { name: "boot.stack.end", offset: stack },
      { name: "boot.signal_stack", offset: stack },
      { name: "image.end", offset: stack + SIGNAL_STACK_SIZE },
    ]),
  ];
}
