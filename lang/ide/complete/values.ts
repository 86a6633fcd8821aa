/** Values of an expected type: words, references, things of the board, variables, functions, units. */

import { printSignature } from "../../check/functions.ts";
import type { WholeChecker } from "../../check/new-checker.ts";
import type { Entity, Scope } from "../../check/scope.ts";
import { builtinGroups, builtins } from "../../evaluate/operations/builtins.ts";
import { dimensionOfScalar } from "../../types/dimension.ts";
import { exampleOf } from "../../types/example.ts";
import { fits } from "../../types/fit.ts";
import { printType } from "../../types/print.ts";
import { rowOf } from "../../types/scalars.ts";
import {
  type Arm,
  bare,
  type DeviceType,
  type RecordType,
  type RefType,
  type SignalType,
  type Type,
} from "../../types/type.ts";
import { unitsOf } from "../../values/quantity.ts";
import type { Analysis } from "../analysis.ts";
import { names } from "../labels.ts";
import { declarationAt } from "../subject.ts";
import { type Completion, literal } from "./completion.ts";

/** What completions are made from: the text with a name put where somebody writes, and what was known before. */
export interface Known {
  readonly probed: Analysis;
  /** With values: boards, above all. */
  readonly before: Analysis;
}

export function valuesOf(type: Type, scope: Scope, known: Known): readonly Completion[] {
  return [...ofType(type, scope, known), ...variables(type, scope, known), ...functions(type, scope)];
}

function ofType(type: Type, scope: Scope, known: Known): readonly Completion[] {
  const it = bare(type);
  const own = (label: string, rank = 0, docs?: string): Completion => ({
    label,
    kind: "literal",
    rank,
    docs,
    detail: type.kind === "named" ? type.name : undefined,
  });
  switch (it.kind) {
    case "optional":
      return [...ofType(it.inner, scope, known), own("none", 1)];
    case "scalar": {
      const { words, example } = rowOf(it.name);
      if (it.name === "Bool") return [own("true"), own("false")];
      if (words) return words.map((word) => own(word));
      if (it.name === "File" || it.name === "Dir") return [reader(it.name === "File" ? "file" : "dir")];
      const shown = exampleOf(type) ?? example;
      return [
        {
          label: shown,
          kind: "literal",
          rank: 7,
          detail: `for example; ${printType(type)}`,
          snippet: `\${1:${literal(shown)}}`,
        },
      ];
    }
    case "union":
      return it.arms.flatMap((arm) => ofArm(arm, scope, known));
    case "list":
      return [{ label: "[…]", kind: "literal", rank: 1, snippet: "[$0]", detail: printType(type) }];
    case "map":
      return [
        {
          label: "{ … => … }",
          kind: "literal",
          rank: 1,
          snippet: "{ ${1:key} => $0 }",
          detail: printType(type),
        },
      ];
    case "record":
      return [
        {
          label: "{ … }",
          kind: "literal",
          rank: 1,
          snippet: recordSnippet(it),
          detail: printType(type),
          docs: it.docs,
        },
      ];
    case "range": {
      const example = exampleOf(it.element);
      return example === undefined
        ? []
        : [
            {
              label: `${example}..${example}`,
              kind: "literal",
              rank: 7,
              snippet: `\${1:${literal(example)}}..\${2:${literal(example)}}`,
            },
          ];
    }
    case "ref":
      return labelsOf(it, known);
    case "device":
      return devicesOf(it, known);
    case "signal":
      return signalsOf(it, known);
    default:
      return [];
  }
}

const reader = (word: string): Completion => ({
  label: `${word} "./…"`,
  kind: "literal",
  rank: 0,
  snippet: `${word} "./$0"`,
  detail: word === "dir" ? "a folder" : "a file",
});

function recordSnippet(type: RecordType): string {
  const needed = type.members
    .filter((member) => member.kind === "option" && !member.fallback)
    .map(({ name }, at) => `${name} = $${at + 1}`);
  return needed.length === 0 ? "{ $0 }" : `{ ${needed.join("; ")} }`;
}

function ofArm(arm: Arm, scope: Scope, known: Known): readonly Completion[] {
  if (arm.kind === "type") return ofType(arm.type, scope, known);
  if (arm.kind === "word") return [{ label: arm.word, kind: "literal", rank: 0 }];
  const payload = bare(arm.payload);
  const record = payload.kind === "record";
  return [
    {
      label: record ? `.${arm.word} { … }` : `${arm.word}(…)`,
      kind: "literal",
      rank: 0,
      snippet: record ? `.${arm.word} ${recordSnippet(payload)}` : `${arm.word}($0)`,
      detail: printType(arm.payload),
    },
  ];
}

/** Labels of the blocks that a reference can name. */
function labelsOf(ref: RefType, { probed }: Known): readonly Completion[] {
  return probed.facts.every("label").flatMap(({ block, text }) =>
    names(ref, block)
      ? [
          {
            label: /^[A-Za-z_]\w*$/.test(text) ? text : JSON.stringify(text),
            kind: "label",
            rank: 0,
            detail: block.name,
            docs: block.docs,
          } as const,
        ]
      : [],
  );
}

function devicesOf({ of, can }: DeviceType, { before }: Known): readonly Completion[] {
  return before.evaluated.flatMap(({ board, target }): readonly Completion[] => {
    if (!board) return [];
    const detail = `${board.name} (${target})`;
    if (of !== "Pin")
      return ((of === "Nic" ? board.nics : board.disks) ?? []).map(
        (label) => ({ label, kind: "value", rank: 0, detail }) as const,
      );
    return [...(board.pins ?? [])].map(([label, pin]) => {
      const able = can.every((ability) => pin.can.includes(ability));
      const docs = [
        pin.wired && `wired to ${pin.wired}`,
        pin.strapping && `strapping: ${pin.strapping}`,
        `can: ${pin.can.join(", ")}`,
      ]
        .filter(Boolean)
        .join("  \n");
      return { label, kind: "value", rank: able && !pin.wired ? 0 : 8, detail, docs } as const;
    });
  });
}

function signalsOf({ carries }: SignalType, { probed }: Known): readonly Completion[] {
  return probed.facts
    .every("label")
    .flatMap(({ block, text }) =>
      block.signals.flatMap(({ name, type, docs }) =>
        !carries || fits(type, carries) !== "no"
          ? [{ label: `${text}.${name}`, kind: "value", rank: 0, detail: printType(type), docs } as const]
          : [],
      ),
    );
}

// ------------------------------------------------------------------------------------------------ names

/** `type` undefined: anything. */
export function variables(type: Type | undefined, scope: Scope, { probed }: Known): readonly Completion[] {
  const own = scope
    .names()
    .filter((name) => !scope.outdated(name))
    .flatMap((name) => named(name, scope.find(name), type, probed));
  const checker = probed.front?.checker;
  const imported = [...scope.top.unit.imports].flatMap(([alias, { unit }]) => {
    if (!checker || !type)
      return checker && hasValues(alias, scope, checker)
        ? [{ label: alias, kind: "library", rank: 6 } as const]
        : [];
    const inside = checker.declarations(unit).scope;
    return inside.names().flatMap((name) => {
      const entity = inside.find(name);
      const fitting =
        entity?.kind === "variable" && entity.variable.role !== "target" && isFit(entity.variable.type, type);
      return fitting && type.kind !== "error" ? named(`${alias}.${name}`, entity, type, probed) : [];
    });
  });
  return [...own, ...imported];
}

const hasValues = (alias: string, { top }: Scope, checker: WholeChecker): boolean =>
  checker.declarations(top.unit.imports.get(alias)!.unit).valueNames().length > 0;

function isFit(from: Type, to: Type): boolean {
  return fits(from, to) !== "no";
}

function named(
  label: string,
  entity: Entity | undefined,
  type: Type | undefined,
  analysis: Analysis,
): readonly Completion[] {
  if (entity?.kind === "variable") {
    const { variable } = entity;
    const docs = declarationAt(analysis, variable.span)?.doc;
    const rank = type && isFit(variable.type, type) ? 1 : 6;
    return [{ label, kind: "value", rank, detail: printType(variable.type), docs }];
  }
  if (entity?.kind === "fn") {
    const rank = type && isFit(entity.fn.result, type) ? 2 : 6;
    return [
      {
        label,
        kind: "function",
        rank,
        snippet: `${label}($0)`,
        detail: printSignature(entity.fn),
        docs: declarationAt(analysis, entity.fn.span)?.doc,
      },
    ];
  }
  return [];
}

/** What the language brings; those of a group behind its name. */
export function functions(type: Type | undefined, scope: Scope): readonly Completion[] {
  const rank = type && ["ref", "device", "signal", "record"].includes(bare(type).kind) ? 9 : 8;
  return [...builtins].flatMap(([name, { signature, docs }]) => {
    const group = name.includes(".") ? name.slice(0, name.indexOf(".")) : name;
    return scope.find(group)
      ? []
      : [{ label: name, kind: "function", rank, snippet: `${name}($0)`, detail: signature, docs } as const];
  });
}

/** Behind `cidr.` */
export function groupMembers(group: string): readonly Completion[] {
  if (!builtinGroups.has(group)) return [];
  return [...builtins].flatMap(([name, { signature, docs }]) => {
    const [before, own] = name.split(".");
    return own !== undefined && before === group
      ? [{ label: own, kind: "function", rank: 1, snippet: `${own}($0)`, detail: signature, docs } as const]
      : [];
  });
}

// ------------------------------------------------------------------------------------------------ units

export function unitsFor(type: Type): readonly Completion[] {
  return unitLists(type).flatMap((units) =>
    units.map((label, at) => ({ label, kind: "unit", rank: at, detail: printType(type) }) as const),
  );
}

function unitLists(type: Type): readonly (readonly string[])[] {
  const it = bare(type);
  switch (it.kind) {
    case "scalar": {
      if (it.name === "Rate") return [["/s", "/min", "/h"]];
      const dimension = dimensionOfScalar(it.name);
      return dimension ? [unitsOf(dimension)] : [];
    }
    case "optional":
    case "secret":
      return unitLists(it.inner);
    case "list":
    case "range":
      return unitLists(it.element);
    case "union":
      return it.arms.flatMap((arm) =>
        arm.kind === "type" ? unitLists(arm.type) : arm.kind === "tag" ? unitLists(arm.payload) : [],
      );
    default:
      return [];
  }
}
