/** The outline of a file, as the protocol has it. */
import { type DocumentSymbol, SymbolKind } from "vscode-languageserver/node";
import { type Entry, outlineOf } from "#ide";
import type { Here } from "./here.ts";
import type { Positions } from "./places.ts";

const kinds: Readonly<Record<string, SymbolKind>> = {
  let: SymbolKind.Constant,
  fn: SymbolKind.Function,
  type: SymbolKind.TypeParameter,
  param: SymbolKind.Variable,
  secret: SymbolKind.Key,
  appliance: SymbolKind.Class,
  fragment: SymbolKind.Class,
  target: SymbolKind.Object,
  test: SymbolKind.Event,
  block: SymbolKind.Struct,
  blocks: SymbolKind.Struct,
  module: SymbolKind.Module,
  interface: SymbolKind.Interface,
  setting: SymbolKind.Property,
  option: SymbolKind.Property,
  choice: SymbolKind.Enum,
  query: SymbolKind.Method,
};

export const symbols = ({
  analysis,
  source,
  positions,
}: Pick<Here, "analysis" | "source" | "positions">): DocumentSymbol[] =>
  outlineOf(analysis, source).map((each) => symbol(each, positions));

function symbol({ name, kind, span, nameSpan, inner }: Entry, positions: Positions): DocumentSymbol {
  return {
    name: name === "" ? kind : name,
    detail: kind === "setting" || kind === "block" ? "" : kind,
    kind: kinds[kind] ?? SymbolKind.Field,
    range: positions.range(span),
    selectionRange: positions.range(nameSpan),
    children: inner.map((each) => symbol(each, positions)),
  };
}
