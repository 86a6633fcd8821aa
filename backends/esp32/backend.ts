/** The target `esp32`: Xtensa LX6 without firmware, and the board of QEMU that stands for it. */
import type { ImageFile, ImageParts, NicFacts } from "#compiler";
import type { Backend } from "../index.ts";
import { linkImage } from "./image/link.ts";
import { linkFlashImage } from "./image/link-flash.ts";
import { leavingInput } from "./image/parts.ts";
import { esp32With } from "./machines/esp32.ts";
import { kc705 } from "./machines/kc705.ts";
import { chips, machines, run } from "./run.ts";

export const esp32: Backend = {
  name: "esp32",
  libraries: ["backends/esp32/esp32.appl"],
  board: { library: "std/board/esp32", name: "kc705" },
  roots: ["std/core.Loop"],
  isa: "xtensa",
  leavesConstants: true,
  isaWith: (extensions) => (extensions.has("mul32high") ? "xtensa-mulhigh" : "xtensa"),
  makes: ({ arch, isVirtual, nics }) => arch === "xtensa" && (isVirtual || nics.every(isDriven)),
  image,
  run,
  machines,
  chips,
};

/** PHYs that the chip's own MAC is connected to. */
const phys: readonly string[] = ["lan8720", "ip101", "rtl8201"];

const isDriven = ({ driver, phy }: NicFacts): boolean =>
  driver === "open_eth" || (driver === "emac" && phy !== undefined && phys.includes(phy.chip));

function image(parts: ImageParts): ImageFile {
  return parts.board.isVirtual ? forEmulator(parts) : forFlash(parts);
}

/** What is written into the flash memory of a chip. */
function forFlash(parts: ImageParts): ImageFile {
  const { name, board } = parts;
  const {
    image: bytes,
    map,
    sections,
    functions,
    flash,
    ram,
  } = linkFlashImage({
    ...leavingInput(parts),
    name,
    machine: esp32With({ phy: board.nics[0]?.phy, hertz: board.hertz }),
    flash: board.flash,
  });
  const demands = { flash, ram };
  return { bytes, extension: "bin", media: "application/octet-stream", demands, map, sections, functions };
}

function forEmulator(parts: ImageParts): ImageFile {
  const { elf, map, sections, functions } = linkImage({ ...leavingInput(parts), machine: kc705 });
  return { bytes: elf, extension: "elf", media: "application/x-elf", map, sections, functions };
}
