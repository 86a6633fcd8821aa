/** The target `esp32c3`: Espressif's ESP32-C3, a chip with RISC-V, as far as an emulator has it. The chip itself has no Ethernet MAC. */
import type { ImageFile, ImageParts } from "#compiler";
import { leavingInput } from "../esp32/image/parts.ts";
import { runChip } from "../esp32/run.ts";
import type { Backend } from "../index.ts";
import { linkImage } from "./image/link.ts";

const MACHINE = "esp32c3";

export const esp32c3: Backend = {
  name: "esp32c3",
  libraries: ["backends/esp32c3/esp32c3.appl"],
  board: { library: "std/board/qemu", name: "esp32c3" },
  roots: ["std/core.Loop"],
  isa: "rv32",
  leavesConstants: true,
  makes: ({ arch, nics }) =>
    arch === "riscv32" && nics.length > 0 && nics.every(({ driver }) => driver === "open_eth"),
  image,
  run: (options) => runChip(MACHINE, options),
  machines: [],
  chips: { [MACHINE]: "qemu-system-riscv32" },
};

function image(parts: ImageParts): ImageFile {
  const { name, board } = parts;
  const {
    image: bytes,
    flash,
    ram,
    map,
    sections,
    functions,
  } = linkImage({
    ...leavingInput(parts),
    name,
    flash: board.flash,
  });
  const demands = { flash, ram };
  return { bytes, extension: "bin", media: "application/octet-stream", demands, map, sections, functions };
}
