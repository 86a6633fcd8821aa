/**
 * What can be written at a place.
 *
 * A name that nobody has is put there, the text is checked with it, and what the checker then says of that name is the answer: what is
 * expected, which names are known, which block it would be a setting of. So completion knows what the checker knows and nothing else.
 */
import { SourceText } from "../../source/text.ts";
import type * as ast from "../../syntax/ast.ts";
import type { Node } from "../../syntax/walk.ts";
import { bare } from "../../types/type.ts";
import type { Analysis } from "../analysis.ts";
import { pathTo } from "../nodes.ts";
import { type Completion, type Completions, once } from "./completion.ts";
import { fieldsOf } from "./fields.ts";
import { bodyWords, settings } from "./members.ts";
import { type Place, placeAt } from "./place.ts";
import { libraryPaths, paths, topWords } from "./top.ts";
import { typesFor } from "./types.ts";
import { functions, groupMembers, type Known, unitsFor, valuesOf, variables } from "./values.ts";

export interface Asked {
  /** The file, as spans name it. */
  readonly source: string;
  readonly text: string;
  readonly offset: number;
  readonly before: Analysis;
  /** The description with another text in the place of the file, checked and not evaluated. */
  imagine(text: string): Analysis;
}

const PROBE = "applProbe";

export function completeAt(asked: Asked): Completions {
  const { text, offset } = asked;
  const place = placeAt(new SourceText(asked.source, text), offset);
  const at = place ?? { start: offset, end: offset };
  const items = place ? once(itemsFor(place, asked)) : [];
  return { replaces: { source: asked.source, start: at.start, end: at.end }, items };
}

function itemsFor(place: Place, asked: Asked): readonly Completion[] {
  const { before, source, text, offset } = asked;
  switch (place.kind) {
    case "library":
      return libraryPaths(before.request.libraries);
    case "text":
      if (place.word !== undefined && ["use", "file", "dir", "text", "data"].includes(place.word))
        return paths(text.slice(place.start, offset), source, place.word, before.request.files);
      return inText(place, asked);
    case "unit":
      return unitsAt(place, asked);
    case "word":
      return words(place, asked);
  }
}

/** What may have to follow for the name to be understood: nothing, most often; a value, behind `lan -> `. */
const TAILS = ["", " = none"];

function words(place: Place, asked: Asked): readonly Completion[] {
  for (const tail of TAILS) {
    const items = withProbe(place, asked, PROBE + tail);
    if (items.length > 0) return items;
  }
  return [];
}

// ------------------------------------------------------------------------------------------------ words

function withProbe(place: Place, asked: Asked, probe: string): readonly Completion[] {
  const { text, source, before, imagine } = asked;
  const probed = imagine(text.slice(0, place.end) + probe + text.slice(place.end));
  const { facts } = probed;
  const known: Known = { probed, before };
  const at = place.start;
  const path = pathTo(probed.unit(source)?.ast ?? { kind: "none" }, at + 1);
  const field = facts.at("field", source, at + 1);
  const fields = field ? fieldsOf(field, known) : [];
  if (fields.length > 0) return fields;
  const group = /([A-Za-z_]\w*)\.$/.exec(text.slice(0, at))?.[1];
  if (group !== undefined && groupMembers(group).length > 0) return groupMembers(group);
  if (field) return [];
  if (facts.at("paramName", source, at + 1)) return params(probed);
  if (facts.at("fragmentName", source, at + 1)) return fragments(probed, source);
  const type = facts.at("typeName", source, at + 1);
  if (type) return typesFor(type, known);
  const setting = facts.at("setting", source, at + 1);
  if (setting) return inBody(setting, path, text[at - 1] === ".", probed, source);
  const label = existingLabels(path, at, known, source);
  const expected = facts.wanted(source, at + 1);
  const inferred = facts.at("inferred", source, at + 1);
  if (expected && expected.expr.span.start <= at) {
    const values = valuesOf(expected.expected.type, expected.scope, known);
    return label
      ? [...label, ...values.filter(({ kind }) => kind === "label" || kind === "literal")]
      : values;
  }
  if (inferred)
    return [...variables(undefined, inferred.scope, known), ...functions(undefined, inferred.scope)];
  return isTop(path) ? topWords(text) : [];
}

function inBody(
  {
    of,
    scope,
    name,
    rank,
  }: {
    readonly of: Parameters<typeof settings>[0];
    readonly scope: Parameters<typeof bodyWords>[0];
    readonly name: ast.Name;
    readonly rank: string | undefined;
  },
  path: readonly Node[],
  behindPoint: boolean,
  probed: Analysis,
  source: string,
): readonly Completion[] {
  const set = namesBeside(path, name);
  const own = settings(of, rank ? new Set() : set, rank === "remove");
  if (behindPoint) return own;
  const unit = probed.unit(source);
  const changes =
    scope.place === "target" && of.what === "block" && unit
      ? probed.front?.checker.appliance?.view(unit)
      : undefined;
  const blocks = changes ? settings(changes, new Set()).map((each) => ({ ...each, rank: 4 })) : [];
  return rank
    ? [...own, ...blocks]
    : [...own, ...blocks, ...bodyWords(scope, of.what !== "appliance" && !changes)];
}

/** Settings of the same body. */
function namesBeside(path: readonly Node[], name: ast.Name): ReadonlySet<string> {
  const body = path.findLast((node) => node.kind === "body") as ast.Body | undefined;
  return new Set(
    body?.items.flatMap((item) =>
      item.kind === "setting" && item.path.head !== name && item.path.steps.length === 0
        ? [item.path.head.text]
        : [],
    ),
  );
}

/** Labels of blocks that are there, behind `override` and `remove`. */
function existingLabels(
  path: readonly Node[],
  at: number,
  { probed }: Known,
  source: string,
): readonly Completion[] | undefined {
  const setting = path.findLast((node) => node.kind === "setting") as ast.Setting | undefined;
  if (!setting?.labels.some(({ span }) => span.start <= at && at < span.end)) return undefined;
  const named = probed.facts.at("means", source, setting.path.span.end);
  const member = named?.meaning.is === "member" ? named.meaning.settable.member : undefined;
  if (member?.kind !== "blocks") return [];
  return probed.facts.every("label").flatMap(({ block, text }) =>
    block === member.block && !text.includes(PROBE)
      ? [
          {
            label: /^[A-Za-z_]\w*$/.test(text) ? text : JSON.stringify(text),
            kind: "label",
            rank: 0,
          } as const,
        ]
      : [],
  );
}

const isTop = (path: readonly Node[]): boolean =>
  path.every(({ kind }) => kind === "file" || kind === "error");

function params({ checked }: Analysis): readonly Completion[] {
  return (checked?.params ?? []).map(({ variable, docs }) => ({
    label: variable.name,
    kind: "value",
    rank: 0,
    snippet: `${variable.name} = $0`,
    docs,
  }));
}

function fragments(probed: Analysis, source: string): readonly Completion[] {
  const unit = probed.unit(source);
  const checker = probed.front?.checker;
  if (!unit || !checker) return [];
  const named = (label: string): Completion => ({ label, kind: "value", rank: 0 });
  return [
    ...checker.declarations(unit).fragmentNames().map(named),
    ...[...unit.imports].flatMap(([alias, used]) =>
      checker
        .declarations(used.unit)
        .fragmentNames()
        .map((name) => named(`${alias}.${name}`)),
    ),
  ];
}

// ------------------------------------------------------------------------------------------------ numbers and texts

function unitsAt(place: Place, asked: Asked): readonly Completion[] {
  const { text, source, imagine } = asked;
  // a unit that exists, so that the number is read as one with a unit; which one it is does not matter
  const probed = imagine(`${text.slice(0, place.start)}s${text.slice(place.end)}`);
  const expected = probed.facts.wanted(source, place.start);
  return expected ? unitsFor(expected.expected.type) : [];
}

/** A label in quotes. */
function inText(place: Place, asked: Asked): readonly Completion[] {
  const { source, before, text } = asked;
  const closed = text[place.end] === '"';
  const probed = closed
    ? asked.imagine(text)
    : asked.imagine(`${text.slice(0, place.end)}"${text.slice(place.end)}`);
  const expected = probed.facts.wanted(source, place.start);
  if (!expected) return [];
  const it = bare(expected.expected.type);
  const inner = it.kind === "list" ? it.element : it;
  if (bare(inner).kind !== "ref") return [];
  return valuesOf(inner, expected.scope, { probed, before })
    .filter(({ kind }) => kind === "label")
    .map((each) => ({ ...each, label: each.label.replace(/^"|"$/g, "") }));
}
