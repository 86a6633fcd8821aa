/** Boot code, compiled code, constants and snapshot → what is written into an ESP32's flash memory. */
import { link, xtensaHoles } from "#codegen";
import { ALIGN } from "../boot/layout.ts";
import { CONSTANTS_AT, descriptionOf, type FlashedImage, type FlashInput, linkFlash } from "./flash.ts";
import { CHIP_ID, FLASH_PAGE, loaders } from "./format.ts";
import { loader, windows } from "./loader.ts";
import { type ImageInput, partsOf } from "./parts.ts";

/** RAM for data ends here; what lies behind is instructions'. */
const RAM_END = 0x4000_0000;

export function linkFlashImage(input: FlashInput & ImageInput): FlashedImage {
  const { machine } = input;
  const { start, size } = machine.stack;
  const parts = [descriptionOf(input), ...partsOf(input)];
  const chip = {
    id: CHIP_ID,
    loaderAt: loaders.esp32,
    loader: (flash: number) => loader(machine, flash),
    codeAt: (offset: number) => windows.code + (offset % FLASH_PAGE),
    link: (code: number) =>
      link(parts, {
        base: code,
        pageSize: ALIGN,
        bases: { rx: code, r: windows.data + CONSTANTS_AT, rw: machine.base },
        holes: xtensaHoles,
        absolute: new Map([
          ["boot.stack", start],
          ["boot.stack.end", start + size],
        ]),
      }),
    stack: machine.stack,
    ramEnd: RAM_END,
  };
  return linkFlash(chip, input);
}
