/** A path to a setting, as it is written: `dns.zone["example.com"].primary.ttl`, also `net.wan.mtu`. */
import type { Draft, FieldDraft, LeafDraft } from "../evaluate/draft.ts";
import type { Expr } from "../syntax/ast.ts";
import { parseExpression } from "../syntax/parse.ts";
import { bare, type Member, type RecordType } from "../types/type.ts";
import { plain, print } from "../values/print.ts";

/** What a path leads to. */
export type Found =
  | { readonly kind: "block"; readonly draft: Draft; readonly path: string }
  | {
      readonly kind: "leaf";
      readonly owner: Draft;
      readonly member: Extract<Member, { kind: "option" }>;
      /** Undefined: nobody says anything. */
      readonly leaf: LeafDraft | undefined;
      /** Of one entry of a map. */
      readonly key: string | undefined;
      readonly path: string;
    }
  /** Nobody has written this block. */
  | { readonly kind: "absent"; readonly path: string; readonly docs: string | undefined }
  | {
      readonly kind: "unknown";
      readonly path: string;
      readonly at: string;
      readonly names: readonly string[];
    };

/** The steps of a path; undefined if it is none. */
export function stepsOf(text: string): readonly string[] | undefined {
  const { expr, diagnostics } = parseExpression("path", text);
  if (diagnostics.length > 0) return undefined;
  const steps: string[] = [];
  for (let at: Expr = expr; ; ) {
    if (at.kind === "name") return [at.text, ...steps.reverse()];
    if (at.kind === "field") {
      steps.push(at.name.text);
      at = at.object;
    } else if (at.kind === "index") {
      const { index } = at;
      const literal =
        index.kind === "string"
          ? index.parts.map((part) => ("value" in part ? part.value : "")).join("")
          : text.slice(index.span.start, index.span.end);
      steps.push(literal);
      at = at.object;
    } else return undefined;
  }
}

/** From the appliance on. */
export function follow(root: Draft, steps: readonly string[]): Found {
  let draft = root;
  let path = "";
  for (let n = 0; n < steps.length; ) {
    const name = steps[n]!;
    const known = newName(draft.type, name);
    const settable = draft.type.settable.get(known) ?? memberNamed(draft.type, known);
    const below = path === "" ? known : `${path}.${known}`;
    if (!settable) return { kind: "unknown", path, at: name, names: [...draft.type.settable.keys()] };
    const { member, arm } = settable;
    const field = draft.fields.get(member.name);
    n++;
    switch (member.kind) {
      case "option": {
        const leaf = field?.kind === "leaf" ? field : undefined;
        if (leaf?.nested && n < steps.length) {
          draft = leaf.nested;
          path = below;
          continue;
        }
        const key = steps[n];
        const own = { kind: "leaf", owner: draft, member, leaf, key: undefined, path: below } as const;
        if (key === undefined) return leaf?.nested ? { kind: "block", draft: leaf.nested, path: below } : own;
        if (bare(member.type).kind === "map" && n + 1 === steps.length)
          return { ...own, key, path: `${below}[${JSON.stringify(key)}]` };
        return { kind: "unknown", path: below, at: key, names: [] };
      }
      case "blocks": {
        const entries = field?.kind === "blocks" ? [...field.entries.values()] : [];
        const label = steps[n];
        if (label === undefined)
          return { kind: "unknown", path: below, at: "", names: entries.map((entry) => print(entry.label)) };
        const entry = entries.find((each) => plain(each.label) === label);
        if (!entry)
          return { kind: "unknown", path: below, at: label, names: entries.map((each) => plain(each.label)) };
        n++;
        draft = entry.draft;
        path = `${below}[${print(entry.label)}]`;
        break;
      }
      default: {
        const inner = draftIn(field, arm?.name);
        if (!inner) return { kind: "absent", path: below, docs: member.docs };
        draft = inner;
        path = below;
      }
    }
  }
  return { kind: "block", draft, path };
}

function draftIn(field: FieldDraft | undefined, arm: string | undefined): Draft | undefined {
  if (field?.kind === "block") return field.draft.openings.length > 0 ? field.draft : undefined;
  if (field?.kind !== "choice") return undefined;
  return arm === undefined ? field.arms.values().next().value : field.arms.get(arm);
}

/** What has had another name can still be asked for by it. */
function newName(type: RecordType, name: string): string {
  const old = type.outdated.get(name);
  return (old?.word === "renamed" ? old.to : undefined) ?? name;
}

/** A choice by its own name leads to the arm that was taken. */
function memberNamed(type: RecordType, name: string) {
  const member = type.members.find((it) => it.name === name);
  return member && { member, arm: undefined };
}
