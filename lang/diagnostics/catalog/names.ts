/** E01xx: names that mean nothing here, or mean too much. */
import { type Help, kind } from "../diagnostic.ts";
import { didYouMean, likelyPath, nearest } from "../nearest.ts";

const listed = (libraries: readonly string[]): readonly string[] =>
  libraries.length > 0 ? [`libraries: ${libraries.join(", ")}`] : [];

/** `net` for `std/net`. */
function sameEnd(path: string, libraries: readonly string[]): string | undefined {
  const last = path.split("/").at(-1);
  const found = libraries.find((library) => library.split("/").at(-1) === last);
  return found && `did you mean \`${found}\`?`;
}

/** `common.clock` for `clock`. */
function elsewhere(name: string, fragments: readonly string[]): string | undefined {
  const found = fragments.filter((fragment) => fragment.endsWith(`.${name}`));
  return found.length > 0 ? `did you mean ${found.map((it) => `\`${it}\``).join(" or ")}?` : undefined;
}

const quoted = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(", ");

/** A name of an older version of a library. */
interface Old {
  readonly name: string;
  readonly block: string;
  readonly advice: string | undefined;
  readonly edit: Help["edit"];
}

export const names = {
  E0101: kind<{
    name: string;
    block: string;
    options: readonly string[];
    library?: string | undefined;
    hint?: string | undefined;
    edit?: Help | undefined;
  }>({
    title: "Unknown option",
    text: ({ block, name }) => `\`${block}\` has no option \`${name}\``,
    label: ({ block }) => `not an option of \`${block}\``,
    help: ({ name, options, hint, edit }) => edit ?? hint ?? didYouMean(name, options),
    note: ({ block, options, library }) =>
      options.length === 0
        ? `\`${block}\` has no options`
        : `options of \`${block}\`: ${options.join(", ")}${library ? `   (appl doc ${library})` : ""}`,
  }),

  E0102: kind<{
    name: string;
    modules: readonly string[];
    inside?: string | undefined;
    libraries: readonly string[];
    habit?: string | undefined;
  }>({
    title: "Unknown block",
    text: ({ name }) => `no module is called \`${name}\``,
    label: () => "a block here is a module of a library in use",
    help: ({ name, modules, inside, habit }) =>
      didYouMean(name, modules) ??
      habit ??
      (inside && `\`${name}\` belongs into \`${inside}\`: write \`${inside} { ${name} … }\``),
    note: ({ modules, libraries }) =>
      modules.length > 0
        ? `modules here: ${modules.join(", ")}; others come with a line \`use\``
        : ["no library is in use: add lines with `use`", ...listed(libraries)],
  }),

  E0103: kind<{ name: string; libraries: readonly string[]; edit: Help["edit"] }>({
    title: "A line with `use` is missing",
    text: ({ name, libraries }) => `\`${name}\` is a module of \`${libraries[0]}\`, which is not in use here`,
    label: () => "not brought in by any `use`",
    help: ({ libraries, edit }) =>
      libraries.map((library, index) => ({
        text: `add the line \`use ${library}\``,
        ...(index === 0 && edit ? { edit: libraries.length === 1 ? { ...edit, safe: true } : edit } : {}),
      })),
  }),

  E0104: kind<{ path: string; libraries: readonly string[] }>({
    title: "Unknown library",
    text: ({ path }) => `there is no library \`${path}\``,
    label: () => "not found",
    help: ({ path, libraries }) => sameEnd(path, libraries) ?? didYouMean(path, libraries),
    note: ({ path, libraries }) =>
      (sameEnd(path, libraries) ?? didYouMean(path, libraries)) ? undefined : listed(libraries),
  }),

  E0105: kind<{
    name: string;
    inScope: readonly string[];
    quote?: string | undefined;
    hint?: Help | string | undefined;
    /** What the place is for. */
    wanted?: string | undefined;
  }>({
    title: "Unknown name",
    text: ({ name }) => `nothing called \`${name}\` is known here`,
    label: () => "not a variable, and not a word that is expected here",
    help: ({ name, inScope, quote, hint }) =>
      hint ??
      (quote
        ? `names of machines and all other texts are written in quotes: ${quote}`
        : didYouMean(name, inScope)),
    note: ({ wanted, quote, hint }) =>
      wanted && !quote && !hint ? `what is wanted here: ${wanted}` : undefined,
  }),

  E0106: kind<{ name: string; types: readonly string[]; hint?: string | undefined }>({
    title: "Unknown type",
    text: ({ name }) => `there is no type \`${name}\``,
    label: () => "not a type",
    help: ({ name, types, hint }) => hint ?? didYouMean(name, types),
  }),

  E0107: kind<{ name: string; what: string }>({
    title: "Declared twice",
    text: ({ name, what }) => `${what} \`${name}\` is declared twice`,
    label: () => "declared again here",
    help: () => "give one of the two another name",
  }),

  E0108: kind<{ name: string; library: string; members: readonly string[] }>({
    title: "Not in the library",
    text: ({ name, library }) => `\`${library}\` declares no \`${name}\``,
    label: () => "not declared there",
    help: ({ name, members }) => didYouMean(name, members),
    note: ({ members, library }) =>
      members.length > 0 ? `\`${library}\` declares: ${members.join(", ")}` : undefined,
  }),

  E0109: kind<{ name: string; functions: readonly string[]; variable: boolean; habit?: string | undefined }>({
    title: "Unknown function",
    text: ({ name, variable }) =>
      variable ? `\`${name}\` is not a function` : `there is no function \`${name}\``,
    label: () => "cannot be called",
    help: ({ name, functions, habit }) => habit ?? didYouMean(name, functions),
  }),

  E0110: kind<{ name: string; itself: boolean }>({
    title: "Used before it is declared",
    text: ({ name, itself }) =>
      itself ? `\`${name}\` is declared by means of itself` : `\`${name}\` is used before it is declared`,
    label: ({ itself }) => (itself ? "leads back to it" : "not known yet"),
    help: ({ itself }) => (itself ? undefined : "move the declaration up"),
    note: ({ itself }) =>
      itself ? "nothing may be recursive: this is why evaluation always ends" : undefined,
  }),

  E0111: kind<{
    name: string;
    block: string;
    type: string;
    docs: string | undefined;
    example: string | undefined;
  }>({
    title: "A required option is missing",
    text: ({ name, block }) => `\`${block}\` needs \`${name}\`, which is not given`,
    label: ({ name }) => `\`${name}\` is missing`,
    help: ({ name, example }) => (example ? `add \`${name} = ${example}\`` : undefined),
    note: ({ name, type, docs }) => `\`${name} : ${type}\`${docs ? `: ${docs}` : ""}`,
  }),

  E0112: kind<{ name: string; block: string; docs: string | undefined; example: string }>({
    title: "A required block is missing",
    text: ({ name, block }) => `\`${block}\` needs a block \`${name}\`, which is not given`,
    label: ({ name }) => `\`${name}\` is missing`,
    help: ({ example }) => `add \`${example}\``,
    note: ({ name, docs }) => (docs ? `\`${name}\`: ${docs}` : undefined),
  }),

  E0113: kind<{ cycle: readonly string[] }>({
    title: "Libraries use each other",
    text: () => "this `use` leads back to where it came from",
    label: () => "closes the circle",
    note: ({ cycle }) => cycle.join(" uses "),
  }),

  E0114: kind<{ path: string; found: string | undefined }>({
    title: "Not the library that was asked for",
    text: ({ path, found }) =>
      found
        ? `\`${path}\` was asked for, and this file says it is \`${found}\``
        : `\`${path}\` has no line \`library ${path}\``,
    label: () => "asked for here",
  }),

  E0115: kind<{
    name: string;
    libraries: readonly string[];
    /** The one whose name the module bears: its block goes by the name that `use` gives. */
    own: string | undefined;
  }>({
    title: "A name with two meanings",
    text: ({ name, libraries }) => `\`${name}\` is a module of ${quoted(libraries)}`,
    label: () => "which one?",
    help: ({ own, libraries }) =>
      own
        ? `give the block of \`${own}\` another name: \`use ${own} as …\``
        : `use only one of them here: leave out \`use ${libraries.at(-1)}\``,
  }),

  E0116: kind<{ wanted: string | undefined; appliances: readonly string[] }>({
    title: "Which appliance?",
    text: ({ wanted }) =>
      wanted !== undefined ? `there is no appliance \`${wanted}\` here` : "this file describes no appliance",
    label: ({ wanted }) => (wanted !== undefined ? "not in this file" : ""),
    help: ({ wanted, appliances }) => {
      if (appliances.length === 0) return "add `appliance NAME { … }`";
      const near = wanted === undefined ? undefined : nearest(wanted, appliances)[0];
      return near
        ? `did you mean \`${near}\`?`
        : `say which: ${appliances.map((name) => `FILE:${name}`).join(", ")}`;
    },
  }),

  E0117: kind<{ name: string; of: string; fields: readonly string[]; hint?: string | undefined }>({
    title: "Unknown field",
    text: ({ name, of }) => `${of} has no field \`${name}\``,
    label: () => "no such field",
    help: ({ name, fields, hint }) => hint ?? didYouMean(name, fields),
    note: ({ fields }) => (fields.length > 0 ? `fields: ${fields.join(", ")}` : undefined),
  }),

  E0118: kind<{ path: string; beside: readonly string[]; isLibrary: boolean }>({
    title: "A file that is used is missing",
    text: ({ path }) => `there is no file \`${path}\``,
    label: () => "cannot be read",
    help: ({ path, beside, isLibrary }) =>
      isLibrary
        ? `libraries stand without quotes: \`use ${path}\``
        : (likelyPath(path, beside) ?? "paths begin at the folder of the file that names them"),
  }),

  E0119: kind<{ what: string; where: string }>({
    title: "In the wrong place",
    text: ({ what, where }) => `${what} cannot stand ${where}`,
    label: () => "not here",
  }),

  E0120: kind<{ name: string; fragments: readonly string[] }>({
    title: "Unknown fragment",
    text: ({ name }) => `there is no fragment \`${name}\``,
    help: ({ name, fragments }) =>
      didYouMean(name, fragments) ??
      elsewhere(name, fragments) ??
      (fragments.length > 0
        ? undefined
        : `write one: \`fragment ${name} { … }\`, at the beginning of a line`),
    note: ({ fragments }) => (fragments.length > 0 ? `fragments: ${fragments.join(", ")}` : undefined),
  }),

  E0121: kind<{ name: string; targets: readonly string[] }>({
    title: "Unknown target",
    text: ({ name }) => `there is no target \`${name}\``,
    help: ({ name, targets }) => didYouMean(name, targets),
    note: ({ targets }) => `targets: ${targets.join(", ")}`,
  }),

  E0122: kind<{ name: string; params: readonly string[] }>({
    title: "Unknown param",
    text: ({ name }) => `there is no param \`${name}\``,
    help: ({ name, params }) =>
      didYouMean(name, params) ??
      (params.length === 0 ? `declare it: \`param ${name} : Str = "…"\`` : undefined),
    note: ({ params }) => (params.length > 0 ? `params: ${params.join(", ")}` : undefined),
  }),

  E0123: kind<Old>({
    title: "What is gone",
    text: ({ name, block }) => `\`${block}\` has no \`${name}\` any more`,
    label: () => "removed from the library",
    help: ({ advice }) => advice,
  }),

  W0124: kind<Old>({
    title: "An old name",
    severity: "warning",
    text: ({ name, block, edit }) => `\`${name}\` of \`${block}\` is called \`${edit?.text}\` now`,
    label: () => "the old name still works",
    help: ({ edit }) => edit && { text: `write \`${edit.text}\``, edit },
    note: ({ advice }) => advice,
  }),

  W0125: kind<Old>({
    title: "What is to go",
    severity: "warning",
    text: ({ name, block }) => `\`${name}\` of \`${block}\` is to go`,
    label: () => "it still works; a later version of the library will not have it",
    help: ({ advice, edit }) => (edit ? { text: `write \`${edit.text}\``, edit } : advice),
    note: ({ advice, edit }) => (edit ? advice : undefined),
  }),
} as const;
