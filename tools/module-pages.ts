/** The manual's pages about the standard library, from its interfaces: `docs/modules/NAME.md`, one for each library with blocks. */
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { librariesFrom } from "#compiler";
import {
  type BlockDescription,
  type Configuration,
  configure,
  describe,
  type InnerDescription,
  type Library,
  type Machines,
  MemoryFiles,
  type ModuleDecl,
  type OptionDescription,
  renderAll,
  Sources,
  type TypeDescription,
} from "#lang";
import { libraryFiles } from "../cli/edges/library-files.ts";

/** Anything that uses all libraries. */
const description = `appl 1
use std/net
use std/dns
appliance page {
  net eth0 { address = 192.0.2.1/24 }
  dns { zone "example.org" { primary {
    soa { mname = "ns1"; rname = "hostmaster@example.org"; serial = at(1) }
    ns = ["ns1"]
    host "ns1" { address = [192.0.2.1] }
  } } }
}
`;

const files = libraryFiles();
const read = (path: string) => {
  const file = new URL(`../${path}`, import.meta.url);
  return existsSync(file) ? readFileSync(file) : undefined;
};
const libraries = librariesFrom({ read }, () => files);

const machines: Machines = {
  target: undefined,
  known: [{ name: "page", backend: "page", board: undefined }],
  librariesOf: () => [],
};

/** File name → content. */
export function modulePages(): ReadonlyMap<string, string> {
  const files = new MemoryFiles({ "page.appl": description });
  const { configurations, diagnostics } = configure({ path: "page.appl", files, libraries, machines });
  const [configuration] = configurations;
  if (configuration === undefined) throw new Error(renderAll(diagnostics, new Sources(files)));
  const pages = new Map<string, string>();
  for (const library of configuration.libraries) {
    const modules = modulesOf(configuration, library);
    if (!modules.some(isBlock)) continue;
    pages.set(`docs/modules/${basename(library.path)}.md`, page(library, modules));
  }
  return pages;
}

const modulesOf = ({ declarations }: Configuration, { path }: Library): readonly ModuleDecl[] =>
  declarations.filter(({ library }) => library === path);

/** Whether a user has something to say to it. */
const isBlock = ({ type }: ModuleDecl): boolean => type.members.length > 0;

function page(library: Library, modules: readonly ModuleDecl[]): string {
  const told = modules.filter(isBlock);
  const others = modules.filter((module) => !isBlock(module));
  const parts = [
    `<!-- Generated from ${library.file} by \`npm run docs\`. -->`,
    `# ${library.path}`,
    library.docs ?? "",
    `\`use ${library.path}\` makes these blocks known: ${told.map(({ name }) => `\`${name}\``).join(", ")}.`,
    ...told.flatMap((module) => modulePart(module)),
    ...(others.length === 0
      ? []
      : ["## What is taken in when it is needed", bullets(others.map(({ path, docs }) => [path, docs]))]),
    ...(library.interfaces.length === 0
      ? []
      : [
          "## Interfaces",
          "What modules need and offer; another library may offer one in place of the module here.",
          bullets(library.interfaces.map(({ name, docs }) => [name, docs])),
        ]),
    ...(library.diagnostics.length === 0
      ? []
      : [
          "## Diagnostics",
          table(
            ["code", "what it says"],
            library.diagnostics.map(({ code, title }) => [code, title]),
          ),
        ]),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function modulePart(module: ModuleDecl): string[] {
  const { module: own, blocks, types } = describe(module.type);
  return [
    ...blockPart(own, `\`${head(module, own)}\``, 2, module.docs),
    ...blocks.flatMap((block) => blockPart(block, `Block ${block.name}`, 3, block.docs)),
    ...(types.length === 0 ? [] : [`### Types of ${own.name}`, ...types.flatMap(typePart)]),
  ];
}

const head = ({ name, multiple }: ModuleDecl, { label }: BlockDescription): string =>
  multiple || label !== undefined ? `${name} NAME { … }` : `${name} { … }`;

function blockPart(
  block: BlockDescription,
  title: string,
  level: number,
  docs: string | undefined,
): string[] {
  const { options, blocks, label } = block;
  return [
    `${"#".repeat(level)} ${title}`,
    docs ?? "",
    label === undefined ? "" : `Its label: ${code(label)}.`,
    options.length === 0 ? "" : optionTable(options),
    blocks.length === 0
      ? ""
      : table(
          ["block inside", "how many", "what"],
          blocks.map((inner) => [code(inner.name), count(inner), about(inner)]),
        ),
  ];
}

const about = ({ docs, block }: InnerDescription): string => `${docs ?? ""} See block ${block}.`.trim();

function count({ count: how, min, ordered, of }: InnerDescription): string {
  switch (how) {
    case "one":
      return "one";
    case "maybe":
      return "at most one";
    case "choice":
      return `one of the kinds of \`${of}\``;
    case "many":
      return `${min === 0 ? "any number" : `at least ${min}`}${ordered ? ", in order" : ""}`;
  }
}

function optionTable(options: readonly OptionDescription[]): string {
  return table(
    ["option", "type", "default", "what"],
    options.map(({ name, type, fallback, merge, docs }) => [
      code(name),
      code(type),
      fallback === undefined ? "must be given" : code(fallback),
      [docs ?? "", merge === undefined ? "" : `Several values: ${code(merge)}.`].filter(Boolean).join(" "),
    ]),
  );
}

function typePart({ name, docs, type, fields, arms }: TypeDescription): string[] {
  return [
    `#### ${name}`,
    docs ?? "",
    arms.length > 0
      ? `One of ${arms.map(code).join(", ")}.`
      : type === "record"
        ? optionTable(fields)
        : code(type),
  ];
}

const bullets = (rows: readonly (readonly [string, string | undefined])[]): string =>
  rows.map(([name, docs]) => `- \`${name}\`${docs === undefined ? "" : `: ${docs}`}`).join("\n");

/** Backquotes are never part of the language, so nothing has to be escaped but the bars of a table. */
const code = (text: string): string => `\`${text}\``;

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}
