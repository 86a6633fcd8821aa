/** After linking: whether the image is as small as its target wants it, and fits where it goes. */
import { type Configuration, type Diagnostic, fill, kind, type Span } from "#lang";
import type { Demands } from "../build/backend.ts";
import type { Sizes } from "../build/report.ts";
import { bytesOf, fieldOf } from "../resolve/fields.ts";
import { remaining } from "./budget.ts";
import { fewerFiles } from "./files.ts";
import { boardHas, kib } from "./kib.ts";

const SHOWN = 5;

export const tooLargeKind = kind<{
  readonly appliance: string;
  readonly target: string;
  /** Of what it takes too much. */
  readonly of: "image" | "flash" | "ram";
  readonly size: bigint;
  readonly budget: bigint;
  /** The budget is one that was set, and not what the board has. */
  readonly isSet: boolean;
  readonly sizes: Sizes;
  readonly less: readonly Less[];
  readonly files: readonly string[];
}>({
  title: "An image above its budget",
  text: ({ appliance, target, of, size, budget, isSet }) => {
    const more = `${kib(size - budget)} more than ${isSet ? "its budget" : boardHas(of)}`;
    return of === "image"
      ? `the image of ${appliance} for \`${target}\` has ${kib(size)}, ${more}`
      : `${appliance} needs ${kib(size)} of ${of === "ram" ? "RAM" : "flash"} on \`${target}\`, ${more}`;
  },
  label: ({ isSet }) => (isSet ? "budget set here" : "for this target"),
  help: ({ less, files }) => [
    ...less.map(({ setting, ...left }) => `${setting} it is ${remaining(left)}`),
    ...files,
  ],
  note: ({ of, sizes }) => {
    const parts =
      of === "ram"
        ? sizes.memory
        : [...sizes.code, { name: "data", bytes: sizes.data }].toSorted((a, b) => b.bytes - a.bytes);
    const shown = parts.slice(0, SHOWN).map(({ name, bytes }) => `${name} ${kib(BigInt(bytes))}`);
    return `measured after linking; the largest parts: ${shown.join(", ")}`;
  },
});

/** What there is too much of. */
export interface Excess {
  readonly of: "image" | "flash" | "ram";
  readonly size: bigint;
  readonly budget: bigint;
  readonly isSet: boolean;
  readonly span: Span;
}

/** A setting that would be otherwise, and what the image then takes: measured. */
export interface Less {
  /** ``with `dns { tcp = false }` ``, ``without `log { … }` ``. */
  readonly setting: string;
  readonly left: bigint;
  /** Above the budget still; not positive if it fits. */
  readonly over: bigint;
}

/** Empty if it fits, or if nothing is said. */
export function excesses(
  { machine, appliance, targetSpan }: Configuration,
  image: Uint8Array,
  demands: Demands | undefined,
): readonly Excess[] {
  const set = fieldOf(machine, "budget");
  const takes = [
    { of: "image", size: image.length, most: undefined },
    ...(["flash", "ram"] as const).map((of) => ({
      of,
      size: demands?.[of].used ?? 0,
      most: demands?.[of].most,
    })),
  ] as const;
  return takes.flatMap(({ of, size, most }) => {
    const own = bytesOf(fieldOf(set, of));
    const isSet = own !== 0n && (most === undefined || own <= BigInt(most));
    const budget = isSet ? own : BigInt(most ?? 0);
    if (budget === 0n || BigInt(size) <= budget) return [];
    const origin = set?.kind === "record" && isSet ? set.origins.get(of) : undefined;
    const span: Span = origin ? { ...origin.head, end: origin.value.end } : (targetSpan ?? appliance.span);
    return [{ of, size: BigInt(size), budget, isSet, span }];
  });
}

export function tooLarge(
  configuration: Configuration,
  { span, ...excess }: Excess,
  sizes: Sizes,
  less: readonly Less[],
): Diagnostic {
  const { appliance, target } = configuration;
  const isEnough = less.some(({ over }) => over <= 0n);
  const files = excess.of === "ram" || isEnough ? [] : fewerFiles(configuration);
  const data = { appliance: appliance.name, target, ...excess, sizes, less, files };
  return fill("E0802", tooLargeKind, span, data);
}
