/** What can stand behind a point. */

import { printSignature } from "../../check/functions.ts";
import { moduleOf } from "../../check/queries.ts";
import type { Fact } from "../../check/recorder.ts";
import type { Unit } from "../../check/unit.ts";
import { rangeFields, scalarFields } from "../../evaluate/operations/fields.ts";
import { printType } from "../../types/print.ts";
import { bare, type RecordType, type Type } from "../../types/type.ts";
import { declarationAt } from "../subject.ts";
import type { Completion } from "./completion.ts";
import { settings } from "./members.ts";
import type { Known } from "./values.ts";

export function fieldsOf({ of }: Extract<Fact, { fact: "field" }>, known: Known): readonly Completion[] {
  return "ast" in of ? valuesIn(of, known) : ofType(of, known);
}

function valuesIn(unit: Unit, { probed }: Known): readonly Completion[] {
  const scope = probed.front?.checker.declarations(unit).scope;
  return (scope?.names() ?? []).flatMap((label): readonly Completion[] => {
    const entity = scope!.find(label);
    if (entity?.kind === "variable" && entity.variable.role !== "target")
      return [
        {
          label,
          kind: "value",
          rank: 1,
          detail: printType(entity.variable.type),
          docs: declarationAt(probed, entity.variable.span)?.doc,
        },
      ];
    if (entity?.kind === "fn")
      return [
        {
          label,
          kind: "function",
          rank: 1,
          snippet: `${label}($0)`,
          detail: printSignature(entity.fn),
          docs: declarationAt(probed, entity.fn.span)?.doc,
        },
      ];
    return [];
  });
}

function ofType(type: Type, known: Known): readonly Completion[] {
  const it = bare(type);
  const module = moduleOf(type);
  const queries = (module?.queries ?? []).map(
    (query): Completion => ({
      label: query.name,
      kind: "function",
      rank: 0,
      snippet: `${query.name}($0)`,
      detail: printSignature(query),
      docs: query.docs,
    }),
  );
  switch (it.kind) {
    case "record":
      return [...queries, ...ofRecord(it)];
    case "scalar":
      return Object.entries(scalarFields[it.name] ?? {}).map(([label, row]) => ({
        label,
        kind: "value",
        rank: 1,
        detail: printType(row.type),
      }));
    case "range":
      return rangeFields.map((label) => ({ label, kind: "value", rank: 1, detail: printType(it.element) }));
    case "ref": {
      const block = known.probed.front?.checker.targetOf(it);
      return [{ label: "label", kind: "value", rank: 0 }, ...(block ? ofRecord(block) : [])];
    }
    default:
      return queries;
  }
}

const ofRecord = (type: RecordType): readonly Completion[] =>
  settings(type, new Set(), true).map((each) => ({ ...each, rank: 1 }));
