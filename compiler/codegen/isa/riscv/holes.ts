/** How the linker fills RISC-V's instructions: RISC-V ELF psABI, section 8.4, without relaxation. */
import type { Holes } from "../../object/link.ts";
import { jalImmediate } from "./assembler.ts";

const or = (view: DataView, at: number, bits: number) =>
  view.setInt32(at, view.getInt32(at, true) | bits, true);

/** `auipc`, then an instruction that adds the low 12 bits where `place` puts them. */
function pair(place: (low: number) => number) {
  return (view: DataView, _: number, distance: number): boolean => {
    const high = (distance + 0x800) >> 12;
    or(view, 0, high << 12);
    or(view, 4, place(distance & 0xfff));
    return distance >= -(2 ** 31) && distance < 2 ** 31 - 0x800;
  };
}

export const riscvHoles: Holes = {
  "riscv load": pair((low) => low << 20),
  "riscv store": pair((low) => ((low >> 5) << 25) | ((low & 31) << 7)),
  "riscv jal"(view, _, distance) {
    or(view, 0, jalImmediate(distance));
    return distance >= -(2 ** 20) && distance < 2 ** 20;
  },
};
