/** `inspect --disassemble`: the machine code of a function, with the lines of the sources that it was made of. */
import * as z from "zod";
import {
  type BuildReport,
  decodeManifest,
  type FunctionRows,
  type Lines,
  type ListedInstruction,
  listing,
  type Store,
  startOf,
} from "#compiler";
import { nodeFiles } from "../edges/node-files.ts";
import { nodeSha256, packageRoot } from "../edges/tool.ts";
import { inputError } from "../exit.ts";
import { backendOf } from "../session.ts";
import { codeLine } from "./trap.ts";

export const code = z.object({
  function: z.string(),
  module: z.string(),
  address: z.number().describe("In the machine's memory"),
  size: z.number(),
  instructions: z.array(
    z.object({
      offset: z.number().describe("From the function's start, as in lines about traps"),
      bytes: z.string().describe("Hexadecimal"),
      mnemonic: z.string(),
      operands: z.string(),
      note: z.string().optional().describe("What an address refers to, or why a trap ends the program"),
      at: codeLine.optional().describe("What it was made of"),
      near: codeLine.optional().describe("If that is something which all modules use: what before it is not"),
    }),
  ),
});
type Code = z.output<typeof code>;

interface Disassembled {
  readonly code: Code;
  readonly text: string;
}

/** `wanted`: a name, its end, or the number that a line about a trap has. */
export async function disassemble(
  wanted: string,
  image: Uint8Array,
  report: BuildReport,
  lines: Lines,
  store: Store,
): Promise<Disassembled> {
  const { isa } = backendOf(report.backend);
  if (isa === undefined)
    throw inputError(
      `an image for ${report.backend} is WebAssembly: it has no machine code`,
      "tools for WebAssembly read it, or build the description for @kvm or @linux",
    );
  const number = functionNamed(wanted, lines);
  const { isas, trapCodes } = await import("#codegen");
  const program = programOf(image, report, store);
  const instructions = listing(
    {
      lines,
      ...program,
      map: report.map,
      decode: isas[isa].decode,
      trapText: (trap) => Object.values(trapCodes).find((each) => each.code === trap)?.text,
    },
    number,
  );
  const { name, module, begin, end } = lines.functions[number]!;
  const address = program.address + startOf(lines, number) + begin;
  const json = { function: name, module, address, size: end - begin, instructions: instructions.map(row) };
  return { code: json, text: text(json, number, instructions, sourceLines(lines)) };
}

const row = ({ bytes, ...rest }: ListedInstruction): Code["instructions"][number] => ({
  ...rest,
  bytes: Buffer.from(bytes).toString("hex"),
});

/** Compiled code as it is in memory, and where. */
function programOf(
  image: Uint8Array,
  report: BuildReport,
  store: Store,
): { readonly code: Uint8Array; readonly address: number } {
  const manifest = decodeManifest(store.blob(report.digests.manifest) ?? new Uint8Array(0));
  const section = manifest?.sections.find(({ name }) => name === PROGRAM);
  const mapped = report.map.find(({ name }) => name === PROGRAM);
  if (section === undefined || mapped === undefined)
    throw inputError(
      "the image's manifest is not in this machine's cache any more",
      "build its description here",
    );
  const { offset, size } = section;
  // Zeros at the end of a segment are not in the file.
  const inMemory = new Uint8Array(mapped.size);
  inMemory.set(image.subarray(offset, offset + size));
  return { code: inMemory, address: mapped.address };
}
const PROGRAM = "program";

const MOST_CANDIDATES = 12;

function functionNamed(wanted: string, { functions }: Lines): number {
  if (/^\d{1,9}$/.test(wanted)) {
    if (functions[Number(wanted)] !== undefined) return Number(wanted);
    throw inputError(`the image has no function ${wanted}`, `it has ${functions.length}, from 0 on`);
  }
  const isEnd = ({ name }: FunctionRows) =>
    name.endsWith(wanted) && /^$|[/#]$/.test(name.slice(0, -wanted.length));
  const matching = [
    ({ name }: FunctionRows) => name === wanted,
    isEnd,
    ({ name }: FunctionRows) => name.toLowerCase().includes(wanted.toLowerCase()),
  ];
  for (const [n, matches] of matching.entries()) {
    const found = functions.flatMap((each, number) => (matches(each) ? [number] : []));
    const [only] = found;
    if (only === undefined) continue;
    if (found.length === 1 && n < 2) return only;
    const names = found.map((number) => functions[number]!.name);
    const more = names.length > MOST_CANDIDATES ? `, and ${names.length - MOST_CANDIDATES} more` : "";
    throw inputError(
      n < 2 ? `\`${wanted}\` is the end of several names` : `the image has no function \`${wanted}\``,
      `say which: ${names.slice(0, MOST_CANDIDATES).join(", ")}${more}`,
    );
  }
  throw inputError(
    `the image has no function \`${wanted}\``,
    "it may have been put into the functions that call it; `appl diff --all` and `appl inspect --html` name those that there are",
  );
}

/** What stands in a line of a source, if the library here is still the one that was compiled. */
function sourceLines({ sources }: Lines): (file: string, line: number) => string {
  const libraries = nodeFiles(packageRoot());
  const known = new Map<string, readonly string[]>();
  return (file, line) => {
    let rows = known.get(file);
    if (rows === undefined) {
      const digits = sources.get(file);
      const bytes = digits === undefined ? undefined : libraries.read(file);
      const isSame = bytes !== undefined && nodeSha256(bytes).startsWith(digits!);
      rows = isSame ? new TextDecoder().decode(bytes).split("\n") : [];
      known.set(file, rows);
    }
    return rows[line - 1]?.trim() ?? "";
  };
}

function text(
  { function: name, module, address, size }: Code,
  number: number,
  instructions: readonly ListedInstruction[],
  source: (file: string, line: number) => string,
): string {
  const out = [
    `${name}, module ${module}`,
    `function ${number}, ${size} bytes at 0x${address.toString(16).padStart(8, "0")}`,
  ];
  let before: string | undefined;
  for (const { offset, bytes, mnemonic, operands, note, at, near } of instructions) {
    const place = at && `${at.file}:${at.line}${near === undefined ? "" : `, for ${near.file}:${near.line}`}`;
    if (place !== before && at !== undefined)
      out.push("", `${place}   ${source(at.file, at.line)}`.trimEnd());
    before = place;
    const hex = Buffer.from(bytes)
      .toString("hex")
      .replace(/(..)(?=.)/g, "$1 ");
    const code = `${mnemonic.padEnd(7)} ${operands}`;
    const line = `  ${offset.toString(16).padStart(4)}  ${hex.padEnd(29)} ${code.padEnd(40)}`;
    out.push(`${line.trimEnd()}${note === undefined ? "" : `   # ${note}`}`);
  }
  return `${out.join("\n")}\n`;
}
