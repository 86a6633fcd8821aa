/** Declarations, libraries and files. */

import type { Libraries } from "../../configure/libraries.ts";
import { resolvePath } from "../../evaluate/file.ts";
import type { Files } from "../../source/files.ts";
import type { Completion } from "./completion.ts";

type Row = readonly [word: string, snippet: string, docs: string];

const inDescriptions: readonly Row[] = [
  ["use", "use $0", 'Brings in a library (`use std/dns`) or another file (`use "./common.appl"`).'],
  ["let", "let ${1:name} = $0", "Names a value."],
  ["fn", "fn ${1:name}(${2:it}: ${3:Int}) -> ${4:Int} = $0", "A function of its arguments and nothing else."],
  ["type", "type ${1:Name} = $0", "Names a type."],
  [
    "param",
    "param ${1:name} : ${2:Int} = $0",
    "A value that whoever builds chooses: `-p NAME=VALUE`, or `set` in a target.",
  ],
  [
    "secret",
    'secret ${1:name} : ${2:Bytes} from boot "$0"',
    "A slot for a value that is never part of an image.",
  ],
  ["appliance", "appliance ${1:name} {\n  $0\n}", "A machine: what becomes one image."],
  ["fragment", "fragment ${1:name} {\n  $0\n}", "A part of appliances that is written once and included."],
  ["target", "target ${1:name} { board = $0 }", "A machine that appliances are built for."],
  [
    "test",
    'test "${1:title}" {\n  assert $0\n}',
    "What must hold of the finished appliances; run by `appl test`.",
  ],
  ["assert", 'assert ${1:condition}, "${2:message}"', "Must hold for this file's values."],
];

const inLibraries: readonly Row[] = [
  ...inDescriptions.slice(0, 4),
  ["library", "library $0", "The path that this file is used by."],
  ["block", "block ${1:Name} {\n  $0\n}", "A part of a module that can be written many times."],
  ["module", "module ${1:name} {\n  $0\n}", "What an appliance can have: options, needs, code."],
  ["interface", 'interface ${1:Name} { source = "$0" }', "What one module may ask of another."],
  ["diagnostic", 'diagnostic ${1:E0700} "$0"', "A code that checks of this library report."],
];

export function topWords(text: string): readonly Completion[] {
  const isLibrary = /^library\b/m.test(text);
  const rows = isLibrary ? inLibraries : [...inDescriptions, ...inLibraries.slice(4, 5)];
  const edition: readonly Row[] = /^\s*appl\b/m.test(text)
    ? []
    : [["appl", "appl 1\n\n$0", "The edition of the language: the first line of every file."]];
  return [...edition, ...rows].map(([label, snippet, docs]) => ({
    label,
    kind: "word",
    snippet,
    docs,
    rank: 1,
  }));
}

export function libraryPaths(libraries: Libraries): readonly Completion[] {
  const all = libraries.all?.() ?? [];
  return [
    ...all.map(
      (label): Completion => ({
        label,
        kind: "library",
        rank: 1,
        docs: docsOf(libraries.find(label)?.text ?? ""),
      }),
    ),
    { label: '"./…"', kind: "file", snippet: '"./$0"', detail: "another file of this description", rank: 2 },
  ];
}

/** The documentation before `library`. */
function docsOf(text: string): string | undefined {
  const found = /((?:^##.*\n)+)library\b/m.exec(text)?.[1];
  return found?.replace(/^## ?/gm, "").trim();
}

/** Names that continue a path in quotes. */
export function paths(
  written: string,
  from: string,
  word: string | undefined,
  files: Pick<Files, "list">,
): readonly Completion[] {
  const folder = written.slice(0, written.lastIndexOf("/") + 1);
  const looked = resolvePath(from, folder === "" ? "." : folder);
  if ("reason" in looked) return [];
  const found = files.list(looked.path === "" ? "." : looked.path) ?? [];
  return found.flatMap(({ name, kind }): readonly Completion[] => {
    const path = `${folder === "" ? "./" : folder}${name}`;
    if (name.startsWith(".") || path.includes('"') || path.includes("$")) return [];
    if (kind === "folder") return [{ label: word === "dir" ? path : `${path}/`, kind: "folder", rank: 2 }];
    const fits = word === "use" ? name.endsWith(".appl") : word !== "dir";
    return kind === "file" && fits ? [{ label: path, kind: "file", rank: 1 }] : [];
  });
}
