/** After linking: whether the image is as small as its target wants it. */
import { type Configuration, type Diagnostic, fill, kind } from "#lang";
import type { Sizes } from "../build/report.ts";
import { kib } from "./budget.ts";
import { bytesOf, fieldOf } from "./estimate.ts";

const SHOWN = 5;

export const tooLargeKind = kind<{
  readonly appliance: string;
  readonly target: string;
  readonly size: bigint;
  readonly budget: bigint;
  readonly sizes: Sizes;
}>({
  title: "An image above its budget",
  text: ({ appliance, target, size, budget }) =>
    `the image of ${appliance} for \`${target}\` has ${kib(size)}, ${kib(size - budget)} more than its budget`,
  label: () => "budget set here",
  note: ({ sizes }) => {
    const parts = [...sizes.code, { name: "data", bytes: sizes.data }].toSorted((a, b) => b.bytes - a.bytes);
    const shown = parts.slice(0, SHOWN).map(({ name, bytes }) => `${name} ${kib(BigInt(bytes))}`);
    return `measured after linking; the largest parts: ${shown.join(", ")}`;
  },
});

/** Empty if it fits, or if nothing is said. */
export function imageOver(
  { machine, appliance, target, targetSpan }: Configuration,
  image: Uint8Array,
  sizes: Sizes,
): readonly Diagnostic[] {
  const set = fieldOf(machine, "budget");
  const budget = bytesOf(fieldOf(set, "image"));
  const size = BigInt(image.length);
  if (budget === 0n || size <= budget) return [];
  const origin = set?.kind === "record" ? set.origins.get("image") : undefined;
  const span = origin ? { ...origin.head, end: origin.value.end } : (targetSpan ?? appliance.span);
  return [fill("E0802", tooLargeKind, span, { appliance: appliance.name, target, size, budget, sizes })];
}
