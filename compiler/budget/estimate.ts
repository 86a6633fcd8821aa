/** How much of the target's memory an appliance will take, before anything is compiled: what libraries, boards and files say of themselves. */
import type { Configuration, DirValue, FileValue, ModuleUse, Span, Value } from "#lang";
import { bytesOf, fieldOf, textOf } from "../resolve/fields.ts";
import type { Plan, PlannedModule, Reason } from "../resolve/plan.ts";
import { type ResolveOptions, resolve } from "../resolve/resolve.ts";

/** Bytes of one kind of memory. */
export type Kind = "flash" | "ram";

export interface Estimate {
  readonly plan: Plan;
  /** Largest first; equal ones by name. */
  readonly shares: readonly Share[];
  /** What every image for this board has. */
  readonly base: Readonly<Record<Kind, bigint>>;
  /** Modules that say nothing of their size. */
  readonly silent: readonly string[];
  /** Of what is declared for x86-64, as which code of the standard's modules is counted. */
  readonly percent: bigint;
}

/** What takes memory, and who asked for it. */
export interface Share {
  /** `std/wifi`, `./panel`. */
  readonly name: string;
  /** `driver + supplicant`, `14 files`. */
  readonly about: string;
  readonly flash: bigint;
  readonly ram: bigint;
  readonly asked: Asked | undefined;
}

export interface Asked {
  /** Its line is shown. */
  readonly span: Span;
  /** The module that needs it, and the part of that module because of which it does. */
  readonly by: { readonly module: string; readonly part: string | undefined } | undefined;
}

export type EstimateOptions = Omit<ResolveOptions, "partial">;

export function estimate(configuration: Configuration, options: EstimateOptions): Estimate {
  const { plan } = resolve(configuration, { ...options, partial: true });
  const percent = codePercent(configuration);
  const modules = plan.modules.map((module) => shareOf(module, plan, percent));
  const shares = [...modules.map(({ share }) => share), ...filesOf(configuration.modules).map(content)];
  return {
    plan,
    shares: shares.toSorted((a, b) => Number(b.flash - a.flash) || (a.name < b.name ? -1 : 1)),
    base: baseOf(configuration),
    silent: modules.filter(({ said }) => !said).map(({ share }) => share.name),
    percent,
  };
}

/**
 * Bytes of machine code for each 100 of x86-64, for which libraries of the standard declare their sizes: all modules of the standard that both `examples/ns1` and `examples/www` have, as
 * `appl build --json` gives them (Xtensa 151 and 142, RV32 168 and 156, RV64 124 and 116).
 */
const codePercents: ReadonlyMap<string, bigint> = new Map([
  ["xtensa", 150n],
  ["riscv32", 165n],
  ["riscv64", 120n],
]);

const codePercent = ({ machine }: Configuration): bigint =>
  codePercents.get(textOf(fieldOf(fieldOf(machine, "board"), "arch"))) ?? 100n;

/** What we compile; drivers of a backend, and what comes as it is, say what they are for their machine. */
const isScaled = ({ library, code }: PlannedModule["module"]): boolean =>
  library.startsWith("std/") && code.length > 0;

export const total = ({ shares, base }: Pick<Estimate, "shares" | "base">, kind: Kind): bigint =>
  shares.reduce((sum, share) => sum + share[kind], base[kind]);

// ------------------------------------------------------------------------------------------------ modules

function shareOf(
  planned: PlannedModule,
  plan: Plan,
  percent: bigint,
): { readonly share: Share; readonly said: boolean } {
  const { module, use, reasons } = planned;
  let [flash, ram] = [0n, 0n];
  for (const size of use.sizes) {
    flash += size.flash;
    ram += size.ram;
  }
  if (isScaled(module)) flash = (flash * percent) / 100n;
  const about = use.sizes.flatMap(({ docs }) => docs ?? []).join(" + ");
  const reason = reasons.find(({ kind }) => kind === "block") ?? reasons[0];
  const asked = reason && askedBy(reason, plan);
  return { share: { name: module.path, about, flash, ram, asked }, said: use.sizes.length > 0 };
}

/** The setting or block of the description that led to a module. */
function askedBy(reason: Reason, plan: Plan): Asked | undefined {
  if (reason.kind === "target") return undefined;
  if (reason.kind === "block") return { span: reason.span, by: undefined };
  const from = plan.modules.find(({ module }) => module.path === reason.from);
  if (!from) return undefined;
  const need = from.module.needs.find(({ name }) => name === reason.need);
  const part = from.use.parts.find(({ name }) => name === need?.part);
  return { span: part?.asked ?? from.use.because, by: { module: reason.from, part: part?.name } };
}

// ------------------------------------------------------------------------------------------------ files

/** Files and folders that settings hold, each once. */
export function filesOf(modules: readonly ModuleUse[]): readonly (FileValue | DirValue)[] {
  const found = new Map<string, FileValue | DirValue>();
  const pending: Value[] = modules.flatMap(({ instances }) => instances.map(({ config }) => config));
  for (let value = pending.pop(); value; value = pending.pop())
    if (value.kind === "file" || value.kind === "dir") found.set(value.path, value);
    else pending.push(...partsOf(value));
  return [...found.values()];
}

function content(value: FileValue | DirValue): Share {
  const files = value.kind === "file" ? [value] : [...value.files.values()];
  return {
    name: `./${value.path}`,
    about: value.kind === "file" ? "" : `${files.length} ${files.length === 1 ? "file" : "files"}`,
    flash: files.reduce((sum, { bytes }) => sum + BigInt(bytes.length), 0n),
    ram: 0n,
    asked: value.span && { span: value.span, by: undefined },
  };
}

function partsOf(value: Value): readonly Value[] {
  switch (value.kind) {
    case "list":
    case "tuple":
      return value.items;
    case "map":
      return [...value.entries.values()].flatMap((entry) => [entry.key, entry.value]);
    case "record":
      return [...value.fields.values()];
    case "tagged":
      return value.payload ? [value.payload] : [];
    default:
      return [];
  }
}

// ------------------------------------------------------------------------------------------------ the board

function baseOf({ machine }: Configuration): Record<Kind, bigint> {
  const base = fieldOf(fieldOf(machine, "board"), "base");
  return { flash: bytesOf(fieldOf(base, "flash")), ram: bytesOf(fieldOf(base, "ram")) };
}
