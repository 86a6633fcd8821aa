/** What a machine is given for its slots: `-p` of params that are chosen at the start, `--secret` and `--slots`, as texts that its drivers read. */
import { readFileSync } from "node:fs";
import type { BuildReport, SlotReport } from "#compiler";
import { didYouMean } from "#lang";
import { inputError, usageError } from "../exit.ts";
import { reasonOf } from "../inputs.ts";

/** As `stdlib/core/given.ts` has it. */
export const LINES = 1;

/** Lines `SLOT=VALUE`; undefined if nothing was given. */
export type GivenLines = string | undefined;

export interface GivenOptions {
  readonly params: Readonly<Record<string, string>>;
  readonly secrets: unknown;
  readonly slots: unknown;
}

/** Of one appliance. What is missing or wrong the machine says itself. `all`: every appliance that something may be for. */
export function givenLines(
  { params, secrets, slots }: GivenOptions,
  report: BuildReport,
  all: readonly BuildReport[] = [report],
): GivenLines {
  const lines: string[] = [];
  for (const slot of report.slots) {
    const value = Object.hasOwn(params, slot.name) && !slot.secret ? params[slot.name] : undefined;
    if (value !== undefined) lines.push(`${slot.slot}=${written(value)}`);
  }
  for (const { name, path } of secretsOf(secrets)) {
    const known = all.flatMap((each) => each.slots);
    const named = ({ slot, name: own }: SlotReport) => own === name || slot === name;
    if (!known.some(named))
      throw usageError(
        `no machine wants a value for \`${name}\``,
        didYouMean(
          name,
          known.map((each) => each.name),
        ) ?? (known.length > 0 ? `there are: ${known.map((each) => each.name).join(", ")}` : undefined),
      );
    const slot = report.slots.find(named);
    if (slot) lines.push(`${slot.slot}=${quoted(contentOf(path, slot))}`);
  }
  return joined([...lines, ...textsOf(slots)]);
}

/** Of an image of which nothing is known: what files of lines say. */
export const linesFrom = (slots: unknown): GivenLines => joined(textsOf(slots));

const textsOf = (slots: unknown): readonly string[] => listOf(slots).map((path) => readText(path, "--slots"));

const joined = (lines: readonly string[]): GivenLines =>
  lines.length === 0 ? undefined : `${lines.join("\n")}\n`;

const listOf = (given: unknown): readonly string[] => (given === undefined ? [] : [given].flat().map(String));

function secretsOf(given: unknown): readonly { readonly name: string; readonly path: string }[] {
  return listOf(given).map((each) => {
    const [, name, path] = /^([^=]+)=(.+)$/s.exec(each) ?? [];
    if (name === undefined || path === undefined)
      throw usageError(
        `--secret wants NAME=FILE, and not \`${each.split("=")[0]}\``,
        "for example --secret key=./key.txt",
      );
    return { name, path };
  });
}

/** What a slot of this name will have on a machine that is given these lines, as it is written there; undefined if nobody says. Later lines are mistakes, so the first counts. */
export function givenTo(name: string, { slots }: BuildReport, given: GivenLines): string | undefined {
  const slot = slots.find((each) => each.name === name);
  if (slot === undefined) return undefined;
  const lines = (given ?? "").split("\n").map((line) => line.split("="));
  const [, ...value] = lines.find(([key]) => key!.trim() === slot.slot) ?? [];
  return value.length === 0
    ? slot.default
    : value
        .join("=")
        .trim()
        .replace(/^"(.*)"$/, "$1");
}

export const slotLine = (slot: string, value: string): string => `${slot}=${quoted(value)}\n`;

/** Quotes that somebody wrote are read as they are. */
const written = (value: string): string => (value.startsWith('"') ? value : quoted(value));

const quoted = (text: string): string =>
  `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n").replaceAll("\t", "\\t")}"`;

/** A text without the end of its last line. Bytes that are no text of base64 or hexadecimal are meant as they are. */
function contentOf(path: string, { form }: SlotReport): string {
  const bytes = readBytes(path, "--secret");
  const text = bytes.toString("utf8").replace(/\r?\n$/, "");
  if (form !== "bytes" || /^hex:(?:[0-9a-f]{2})*$/i.test(text)) return text;
  const isBase64 = /^[A-Za-z0-9+/\r\n]+={0,2}$/.test(text) && text.replaceAll(/[\r\n]/g, "").length % 4 === 0;
  return isBase64 ? text.replaceAll(/[\r\n]/g, "") : `hex:${bytes.toString("hex")}`;
}

const readText = (path: string, option: string): string => readBytes(path, option).toString("utf8");

function readBytes(path: string, option: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw inputError(
      `cannot read \`${path}\`: ${reasonOf(error)}`,
      `${option} wants a file that can be read`,
    );
  }
}
