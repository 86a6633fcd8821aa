/** Which instruction set an image is compiled to: that of its backend, or more if the board has it. */
import type { IsaName } from "#codegen";
import { fieldOf } from "../resolve/fields.ts";
import type { Plan } from "../resolve/plan.ts";
import type { ImageMaker } from "./backend.ts";

export function isaOf({ isa, isaWith }: ImageMaker, { machine }: Plan): IsaName | undefined {
  const extensions = fieldOf(fieldOf(machine, "board"), "extensions");
  if (isaWith === undefined || extensions?.kind !== "list") return isa;
  return isaWith(new Set(extensions.items.flatMap((item) => (item.kind === "str" ? [item.value] : []))));
}
