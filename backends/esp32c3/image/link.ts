/** Boot code, compiled code, constants and snapshot → what is written into the flash memory of an ESP32-C3. */
import { link, riscvHoles } from "#codegen";
import { ALIGN } from "../../esp32/boot/layout.ts";
import {
  CONSTANTS_AT,
  descriptionOf,
  type FlashedImage,
  type FlashInput,
  linkFlash,
} from "../../esp32/image/flash.ts";
import { C3_ID, loaders } from "../../esp32/image/format.ts";
import { leavingSections } from "../../esp32/image/parts.ts";
import { ram, windows } from "../boot/chip.ts";
import { GUARD, VECTORS_ALIGN } from "../boot/entry.ts";
import { bootSections } from "../boot/index.ts";
import { loader } from "./loader.ts";

/** At the beginning of RAM, with what guards it. */
const stack = { start: ram.data, size: GUARD + 8192 } as const;

export function linkImage(input: FlashInput): FlashedImage {
  const parts = [descriptionOf(input), ...leavingSections(input, VECTORS_ALIGN, bootSections)];
  const chip = {
    id: C3_ID,
    loaderAt: loaders.esp32c3,
    loader,
    // Both windows have the same pages: an application is seen whole, from its first byte on.
    codeAt: (offset: number) => windows.code + offset,
    link: (code: number) =>
      link(parts, {
        base: code,
        pageSize: ALIGN,
        bases: { rx: code, r: windows.data + CONSTANTS_AT, rw: stack.start + stack.size },
        holes: riscvHoles,
        absolute: new Map([
          ["boot.guard", stack.start],
          ["boot.stack", stack.start + GUARD],
          ["boot.stack.end", stack.start + stack.size],
        ]),
      }),
    stack,
    ramEnd: ram.data + ram.size,
  };
  return linkFlash(chip, input);
}
