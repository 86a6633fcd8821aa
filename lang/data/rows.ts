/** The rows of a table, as values of a type: a record for each, or an entry of a map whose key is the first column. */
import type { Checker } from "../check/checker.ts";
import type * as ast from "../syntax/ast.ts";
import { printType } from "../types/print.ts";
import { bare, type OptionMember, type RecordType, type Type } from "../types/type.ts";
import type { Table } from "./csv.ts";
import type { IntoType } from "./into-type.ts";
import type { EntryNode, MapNode, TextNode } from "./node.ts";

/** Undefined after a report: about the columns, before any row is looked at. */
export function rowsOf(
  table: Table,
  type: Type,
  subject: string | undefined,
  into: IntoType,
  checker: Checker,
): ast.Expr | undefined {
  const it = bare(type);
  const { header, rows } = table;
  const whole = into.span({ start: 0, end: rows.at(-1)?.at(-1)?.end ?? header.at(-1)!.end });
  if (it.kind === "optional") return rowsOf(table, it.inner, subject, into, checker);
  if (it.kind === "list") {
    const make = rowReader(header, rows, it.element, into, checker);
    return make && { kind: "list", span: whole, items: rows.map(make) };
  }
  if (it.kind === "map") {
    const [, ...columns] = header;
    const make = rowReader(columns, rows, it.value, into, checker);
    if (!make) return undefined;
    const entries = rows.map(([first, ...cells]) => mapEntry(first!, make(cells), it.key, subject, into));
    return { kind: "map", span: whole, entries };
  }
  wrong(type, "one value, and not several", into.span(header[0]!), checker);
  return undefined;
}

function mapEntry(
  cell: TextNode,
  value: ast.Expr,
  type: Type,
  subject: string | undefined,
  into: IntoType,
): ast.MapEntry {
  const span = into.span(cell);
  const key: ast.Expr = into.expression(filled(cell), type, subject);
  return { kind: "mapEntry", span, key: { kind: "computedLabel", span, value: key }, value };
}

type RowReader = (cells: readonly TextNode[]) => ast.Expr;

/** How a row becomes a value, if the columns are right for it. */
function rowReader(
  columns: readonly TextNode[],
  rows: readonly (readonly TextNode[])[],
  type: Type,
  into: IntoType,
  checker: Checker,
): RowReader | undefined {
  const it = bare(type);
  if (it.kind === "record") return recordReader(columns, rows, type, it, into, checker);
  const [column, ...others] = columns;
  if (column && others.length === 0 && it.kind !== "list" && it.kind !== "map")
    return ([cell]) => into.expression(filled(cell!), type, column.value);
  if (it.kind === "tuple" && it.items.length === columns.length)
    return (cells) => ({
      kind: "tuple",
      span: into.span({ start: cells[0]!.start, end: cells.at(-1)!.end }),
      items: cells.map((cell, n) => into.expression(filled(cell), it.items[n]!, columns[n]!.value)),
    });
  const at = columns[1] ?? column;
  wrong(
    type,
    columns.length === 0
      ? "there is no column for it"
      : `the rows have ${columns.length === 1 ? "one cell" : `${columns.length} cells`} for it`,
    at ? into.span(at) : into.span({ start: 0, end: 0 }),
    checker,
  );
  return undefined;
}

function recordReader(
  columns: readonly TextNode[],
  rows: readonly (readonly TextNode[])[],
  type: Type,
  record: RecordType,
  into: IntoType,
  checker: Checker,
): RowReader | undefined {
  const name = type.kind === "named" ? type.name : "the record";
  const fields = record.members.filter((member): member is OptionMember => member.kind === "option");
  const names = new Set(columns.map(({ value }) => value));
  const unknown = columns.filter(({ value }) => !record.settable.has(value));
  for (const cell of unknown)
    checker.error("E0322", into.span(cell), {
      column: cell.value,
      type: name,
      columns: fields.map((it) => it.name),
    });
  const missing = fields.filter((field) => !field.fallback && !names.has(field.name));
  if (missing.length > 0 && unknown.length === 0 && (columns.length > 0 || rows.length > 0)) {
    const span = into.span({ start: columns[0]?.start ?? 0, end: columns.at(-1)?.end ?? 0 });
    const docs = missing.map(
      (field) =>
        `\`${field.name} : ${printType(field.type, record.library)}\`${field.docs ? `: ${field.docs}` : ""}`,
    );
    checker.error("E0323", span, { missing: missing.map((field) => field.name), type: name, docs });
  }
  if (unknown.length > 0 || missing.length > 0) return undefined;
  return (cells) => into.record(rowOf(columns, cells, record), record);
}

/** An empty cell is a field that is not given. */
function rowOf(columns: readonly TextNode[], cells: readonly TextNode[], record: RecordType): MapNode {
  const entries: EntryNode[] = [];
  for (const [n, cell] of cells.entries()) {
    const { value } = columns[n]!;
    const member = record.settable.get(value)?.member;
    const optional =
      member?.kind === "option" && (member.fallback !== undefined || bare(member.type).kind === "optional");
    if (cell.value === "" && !cell.quoted && optional && member.fallback) continue;
    // a mistake in a field is shown at the field of this row, not at the head of the column
    entries.push({ key: { ...cell, value, quoted: true, offsets: undefined }, value: filled(cell) });
  }
  return { kind: "map", entries, start: cells[0]?.start ?? 0, end: cells.at(-1)?.end ?? 0 };
}

/** An empty cell that is not in quotes is nothing. */
function filled(
  cell: TextNode,
): TextNode | { readonly kind: "nothing"; readonly start: number; readonly end: number } {
  return cell.value === "" && !cell.quoted ? { kind: "nothing", start: cell.start, end: cell.end } : cell;
}

function wrong(type: Type, wanted: string, at: ast.Expr["span"], checker: Checker): void {
  checker.error("E0324", at, { type: printType(type), wanted });
}
