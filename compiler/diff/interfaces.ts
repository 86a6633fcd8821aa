/** Two declarations of a module: what it can be told, and what it needs, before and after. */

import type { Detail } from "./difference.ts";
import type { Iface, IfaceBlock, IfaceOption } from "./documents.ts";
import { changeOf } from "./draft.ts";
import { byRole } from "./walk.ts";

/** Options, blocks, types, needs, parts that came, went or are declared otherwise. */
export function interfaceChanges(a: Iface, b: Iface): Detail[] {
  const rows = byRole(flat(a), flat(b), ([what]) => what);
  return rows
    .filter((row) => row.a?.[1] !== row.b?.[1])
    .map((row) => ({ what: row.role, change: changeOf(row.a, row.b), from: row.a?.[1], to: row.b?.[1] }));
}

/** Name → declaration, of everything in it. */
function flat(iface: Iface): (readonly [what: string, declared: string])[] {
  return [
    ...inBlock("", iface.block),
    ...iface.blocks.flatMap((block) => inBlock(`${block.name}.`, block)),
    ...iface.types.flatMap((type): [string, string][] => [
      [`type ${type.name}`, type.arms.length > 0 ? type.arms.join(" | ") : type.type],
      ...type.fields.map((field): [string, string] => [`field ${type.name}.${field.name}`, declared(field)]),
    ]),
    ...iface.needs.map(({ name, interface: wanted }): [string, string] => [`need ${name}`, wanted]),
    ...iface.offers.map((name): [string, string] => [`offer ${name}`, ""]),
    ...iface.parts.map(({ name, when }): [string, string] => [`part ${name}`, `when ${when}`]),
    ...iface.queries.map(({ name, type }): [string, string] => [`query ${name}`, type]),
  ];
}

function inBlock(prefix: string, block: IfaceBlock): [string, string][] {
  return [
    ...(block.label === undefined
      ? []
      : [[`label of ${prefix}`.replace(/\.$/, ""), block.label] as [string, string]]),
    ...block.options.map((option): [string, string] => [`option ${prefix}${option.name}`, declared(option)]),
    ...block.blocks.map((inner): [string, string] => [
      `block ${prefix}${inner.name}`,
      `${inner.count} ${inner.block}${inner.ordered ? " ordered" : ""}${inner.min > 0 ? ` min ${inner.min}` : ""}`,
    ]),
  ];
}

const declared = ({ type, default: fallback, merge }: IfaceOption): string =>
  `${type}${merge === undefined ? "" : ` merge ${merge}`}${fallback === undefined ? "" : ` = ${fallback}`}`;

/** Whether a setting that nobody wrote may have changed because of these. */
export function explains(changes: readonly Detail[], path: string): boolean {
  const name = /([^.[\]]+)(?:\[[^\]]*\])?$/.exec(path)?.[1];
  return changes.some(
    ({ what }) => what.startsWith("type ") || what.endsWith(`.${name}`) || what.endsWith(` ${name}`),
  );
}
