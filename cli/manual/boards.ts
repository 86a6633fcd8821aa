/** The manual's page about boards: every board of every library in `std/board/`, from its data. */
import {
  configure,
  type Libraries,
  MemoryFiles,
  parse,
  printShort,
  type RecordValue,
  type Value,
} from "#lang";
import { anyMachine } from "./machine.ts";
import { code, table } from "./markdown.ts";

interface Board {
  /** `esp32.olimex_poe` */
  readonly name: string;
  readonly docs: string | undefined;
  readonly value: RecordValue;
}

export function boardPage(libraries: Libraries): string {
  const parts = (libraries.all?.() ?? [])
    .filter((path) => path.startsWith("std/board/"))
    .flatMap((path) => libraryPart(path, libraries));
  return `<!-- Generated from the libraries in std/board by \`npm run docs\`. -->

# Boards

A target names a board: \`use std/board/esp32\`, then \`target hall { board = esp32.olimex_poe }\`. Boards are data; \`std/board\` says what can be said of one.
A board of your own is a file with one value of that type, beside the description: \`use "./boards.appl"\`, \`board = boards.mine\`.

${parts.join("\n\n")}
`;
}

function libraryPart(path: string, libraries: Libraries): string[] {
  const { text, path: file } = libraries.find(path)!;
  const { ast } = parse(file, text);
  const docs = ast.items.find((item) => item.kind === "library")?.doc;
  const boards = ast.items.flatMap((item) => {
    const value = item.kind === "let" ? boardOf(path, item.name.text, libraries) : undefined;
    return value && item.kind === "let"
      ? [{ name: `${path.split("/").at(-1)}.${item.name.text}`, docs: item.doc, value }]
      : [];
  });
  return [`## ${path}`, ...(docs === undefined ? [] : [docs]), ...boards.map(boardPart)];
}

/** The value, if it is one that a target takes for a board. */
function boardOf(library: string, name: string, libraries: Libraries): RecordValue | undefined {
  const local = library.split("/").at(-1);
  const description = `appl 1\nuse ${library}\nappliance page {}\ntarget page { board = ${local}.${name} }\n`;
  const { configurations } = configure({
    path: "page.appl",
    files: new MemoryFiles({ "page.appl": description }),
    libraries,
    machines: { ...anyMachine, target: { library: "std/board", block: "Target" } },
  });
  const board = configurations[0]?.machine?.fields.get("board");
  return board?.kind === "record" ? board : undefined;
}

function boardPart({ name, docs, value }: Board): string {
  const field = (key: string): Value | undefined => value.fields.get(key);
  const rows = [
    "backend",
    "arch",
    "memory",
    "flash",
    "vcpus",
    "cpu_frequencies",
    "accelerators",
    "console",
  ].flatMap((key) => {
    const text = shown(field(key));
    return text === "" ? [] : [[key, text]];
  });
  const link = `[${shown(field("name"))}](${shown(field("docs"))})`;
  return [
    `### ${code(name)}`,
    `${link}. ${docs ?? ""}`.trim(),
    table(["", ""], [...rows, ...devices("nics", field("nics")), ...devices("disks", field("disks"))]),
    ...pins(field("pins")),
  ].join("\n\n");
}

function shown(value: Value | undefined): string {
  if (value === undefined || value.kind === "none") return "";
  if (value.kind === "str") return value.value;
  if (value.kind === "list") return value.items.map(shown).join(", ");
  return printShort(value);
}

const fieldOf = (value: Value, name: string): string =>
  value.kind === "record" ? shown(value.fields.get(name)) : "";

function devices(title: string, value: Value | undefined): string[][] {
  if (value?.kind !== "map" || value.entries.size === 0) return [];
  const all = [...value.entries.values()].map(({ key, value: device }) => {
    const where = fieldOf(device, "socket");
    return `${code(shown(key))} (${fieldOf(device, "driver")}${where === "" ? "" : `, ${where}`})`;
  });
  return [[title, all.join(", ")]];
}

/** Free pins by what they can do, then those with something to be said. */
function pins(value: Value | undefined): string[] {
  if (value?.kind !== "map" || value.entries.size === 0) return [];
  const rows = [...value.entries.values()]
    .map(({ key, value: pin }) => ({
      name: shown(key),
      can: fieldOf(pin, "can"),
      remark: fieldOf(pin, "wired") || strapping(fieldOf(pin, "strapping")),
    }))
    .toSorted((a, b) => Number(a.name.replace(/\D/g, "")) - Number(b.name.replace(/\D/g, "")));
  return [
    table(
      ["pin", "can", ""],
      rows.map(({ name, can, remark }) => [code(name), can, remark]),
    ),
  ];
}

const strapping = (reason: string): string => (reason === "" ? "" : `strapping pin: ${reason}`);
