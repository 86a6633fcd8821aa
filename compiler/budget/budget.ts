/** Budgets: whether an appliance will fit into what its target allows, said before compiling. */
import { type Configuration, type Diagnostic, fill, kind, type Span, type Value } from "#lang";
import { bytesOf, fieldOf } from "../resolve/fields.ts";
import {
  type Asked,
  type Estimate,
  type EstimateOptions,
  estimate,
  type Kind,
  type Share,
  total,
} from "./estimate.ts";
import { fewerFiles } from "./files.ts";
import { boardHas, kib } from "./kib.ts";
import { lessers, savings } from "./savings.ts";

/** What messages say of places in texts. */
export interface Texts {
  text(span: Span): string;
  of(span: Span): { readonly file: string; readonly line: number } | undefined;
}

/** What would take more than there is. Modules that say nothing of their size count as nothing. */
export function overBudget(
  configuration: Configuration,
  options: EstimateOptions,
  texts: Texts,
): readonly Diagnostic[] {
  const limits = limitsOf(configuration);
  if (limits.length === 0) return [];
  const found = estimate(configuration, options);
  return limits
    .filter(({ kind: of, bytes }) => total(found, of) > bytes)
    .map((limit) => tooMuch(configuration, limit, found, options, texts));
}

interface Limit {
  readonly kind: Kind;
  readonly bytes: bigint;
  readonly span: Span;
  /** `its budget`; else what the board has. */
  readonly set: boolean;
}

/** A budget, or else what a physical board has: of its flash memory one slot. */
function limitsOf({ machine, targetSpan, appliance }: Configuration): readonly Limit[] {
  const budget = fieldOf(machine, "budget");
  const board = fieldOf(machine, "board");
  const where = targetSpan ?? appliance.span;
  const limits: Limit[] = [];
  for (const of of ["flash", "ram"] as const) {
    const value = fieldOf(budget, of);
    const origin = budget?.kind === "record" ? budget.origins.get(of) : undefined;
    if (value?.kind === "size")
      limits.push({
        kind: of,
        bytes: value.bytes,
        span: origin ? { ...origin.head, end: origin.value.end } : where,
        set: true,
      });
    else {
      const bytes = ofBoard(of, board, machine);
      if (bytes !== undefined) limits.push({ kind: of, bytes, span: where, set: false });
    }
  }
  return limits;
}

/** Of images that are written into flash memory. */
const USUAL_SLOTS = 2n;

function ofBoard(of: Kind, board: Value | undefined, machine: Value | undefined): bigint | undefined {
  const fixed = fieldOf(board, "kind");
  if (fixed?.kind !== "tagged" || fixed.tag !== "physical") return undefined;
  if (of === "ram") return bytesOf(fieldOf(board, "memory")) || undefined;
  const flash = bytesOf(fieldOf(board, "flash"));
  const slots = fieldOf(fieldOf(machine, "update"), "slots");
  return flash === 0n ? undefined : flash / (slots?.kind === "int" ? slots.value : USUAL_SLOTS);
}

// ------------------------------------------------------------------------------------------------ the message

interface TooMuch {
  readonly appliance: string;
  readonly target: string;
  readonly of: Kind;
  readonly needed: string;
  readonly more: string;
  readonly set: boolean;
  readonly table: string;
  readonly helps: readonly string[];
  readonly silent: readonly string[];
}

export const tooMuchKind = kind<TooMuch>({
  title: "Too big for its budget",
  text: ({ appliance, target, of, needed, more, set }) =>
    `${appliance} needs ${needed} of ${of === "ram" ? "RAM" : "flash"} on \`${target}\`, ${more} more than ${set ? "its budget" : boardHas(of)}`,
  label: ({ set }) => (set ? "budget set here" : "for this target"),
  help: ({ helps }) => helps,
  note: ({ table, silent }) => [
    table,
    ...(silent.length === 0
      ? []
      : [`not counted, since nothing is known of their size: ${silent.join(", ")}`]),
  ],
});

function tooMuch(
  configuration: Configuration,
  limit: Limit,
  found: Estimate,
  options: EstimateOptions,
  texts: Texts,
): Diagnostic {
  const { appliance, target } = configuration;
  const needed = total(found, limit.kind);
  const settings = [
    ...savings(configuration, found, limit.kind, limit.bytes, options).map(({ setting, gone, ...left }) => ({
      text: `without \`${oneLine(texts.text(setting))}\`${gone.length === 0 ? " it is" : ` ${and(gone)} ${gone.length === 1 ? "goes" : "go"} too:`} ${remaining(left)}`,
      ...left,
    })),
    ...lessers(configuration, found, limit.kind, limit.bytes, options).map(({ text, ...left }) => ({
      text: `with \`${text}\` it is ${remaining(left)}`,
      ...left,
    })),
  ];
  const isEnough = settings.some(({ over }) => over <= 0n);
  return fill("E0801", tooMuchKind, limit.span, {
    appliance: appliance.name,
    target,
    of: limit.kind,
    needed: kib(needed),
    more: kib(needed - limit.bytes),
    set: limit.set,
    table: table(found, limit.kind, texts),
    helps: [
      ...settings.map(({ text }) => text),
      ...(limit.kind === "ram" || isEnough ? [] : fewerFiles(configuration)),
    ],
    silent: found.silent,
  });
}

/** What is left, and whether that fits. */
export const remaining = ({ left, over }: { readonly left: bigint; readonly over: bigint }): string =>
  `${kib(left)}, ${over <= 0n ? "which fits" : `still ${kib(over)} too much`}`;

const and = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

const oneLine = (text: string): string => text.replace(/\s+/g, " ");

const SHOWN = 4;

function table(found: Estimate, of: Kind, texts: Texts): string {
  const sorted = found.shares
    .filter((share) => share[of] > 0n)
    .toSorted((a, b) => Number(b[of] - a[of]) || (a.name < b.name ? -1 : 1));
  const shown = sorted.slice(0, SHOWN);
  const rest = sorted.slice(SHOWN).reduce((sum, share) => sum + share[of], found.base[of]);
  const more = sorted.length - shown.length;
  const rows = shown.map((share) => row(share, of, texts));
  if (rest > 0n)
    rows.push({
      name: more === 0 ? "start-up" : `start-up, ${more} smaller ${more === 1 ? "part" : "parts"}`,
      about: "",
      size: kib(rest),
      asked: "",
    });
  const width = (pick: (it: Row) => string, least: number): number =>
    Math.max(least, ...rows.map((it) => pick(it).length));
  const names = width(({ name, about }) => (about === "" ? "" : name), 0);
  const label = ({ name, about }: Row): string => (about === "" ? name : `${name.padEnd(names)}  ${about}`);
  const left = width(label, "largest parts".length);
  const sizes = width(({ size }) => size, of.length);
  return [
    `found before compiling, from the sizes that the libraries declare${found.percent === 100n || of === "ram" ? "" : `; their code is counted as ${found.percent} % of that for x86-64`}`,
    `  ${"largest parts".padEnd(left)}  ${of.padStart(sizes)}   asked for by`,
    ...rows.map((it) => `  ${label(it).padEnd(left)}  ${it.size.padStart(sizes)}   ${it.asked}`.trimEnd()),
  ].join("\n");
}

interface Row {
  readonly name: string;
  readonly about: string;
  readonly size: string;
  readonly asked: string;
}

const row = (share: Share, of: Kind, texts: Texts): Row => ({
  name: share.name,
  about: share.about,
  size: kib(share[of]),
  asked: share.asked ? shownAsked(share.asked, texts) : "",
});

/** `e10.appl:13  secure  ->  std/http part secure` */
function shownAsked({ span, by }: Asked, texts: Texts): string {
  const place = texts.of(span);
  const text = oneLine(texts.text(span).split("\n")[0] ?? "").slice(0, 40);
  const steps = [text, ...(by ? [`${by.module}${by.part === undefined ? "" : ` part \`${by.part}\``}`] : [])];
  return `${place ? `${place.file}:${place.line}  ` : ""}${steps.join("  ->  ")}`;
}
