/** The targets `riscv` and `riscv32`: machines of RISC-V that have a device tree, with firmware (SBI) below the image, or with the image's own. */
import type { ImageFile, ImageParts } from "#compiler";
import type { Backend } from "../index.ts";
import { programInput } from "../native/program.ts";
import type { Width } from "./boot/idioms.ts";
import type { BareMachine } from "./firmware/shim.ts";
import { linkImage } from "./image/link.ts";
import { machines, run } from "./run.ts";

export const riscv: Backend = {
  name: "riscv",
  libraries: ["backends/riscv/riscv.appl"],
  board: { library: "std/board/riscv", name: "virt" },
  roots: ["std/core.Loop"],
  isa: "rv64",
  isaWith: (extensions) => (extensions.has("zba") && extensions.has("zbb") ? "rv64b" : "rv64"),
  image: (parts) => image(64, parts),
  run: (options) => run(64, options),
  machines,
};

export const riscv32: Backend = {
  ...riscv,
  name: "riscv32",
  board: { library: "std/board/riscv", name: "virt32" },
  isa: "rv32",
  isaWith: () => "rv32",
  image: (parts) => image(32, parts),
  run: (options) => run(32, options),
  machines: ["virt"],
};

function image(xlen: Width, parts: ImageParts): ImageFile {
  const bare = parts.bare === undefined ? undefined : bareMachine(parts.bare);
  const { image: bytes, map, sections, functions } = linkImage({ ...programInput(parts), xlen, bare });
  return { bytes, extension: "img", media: "application/octet-stream", map, sections, functions };
}

/** `std/board.Bare` */
function bareMachine(fields: Readonly<Record<string, number>>): BareMachine {
  const at = (name: keyof BareMachine): number => {
    const address = fields[name];
    if (address === undefined) throw new Error(`BUG: a board without the address of its ${name}`);
    return address;
  };
  return { entry: at("entry"), uart: at("uart"), clint: at("clint"), finisher: at("finisher") };
}
