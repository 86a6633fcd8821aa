/** AssemblyScript's own parser, and a walk over what it gives. */
import * as as from "assemblyscript";

export interface SourceFile {
  /** From the repository's root. */
  readonly path: string;
  readonly source: as.Source;
}

/** A file that does not parse is asc's to report: here it is an Error. */
export function parse(path: string, text: string): SourceFile {
  const program = as.newProgram(as.newOptions());
  as.parse(program, text, path, true);
  const message = as.nextDiagnostic(program);
  if (message !== null) throw new Error(`${path}: ${message.message}`);
  const source = program.sources.find((each) => each.normalizedPath === path);
  if (source === undefined) throw new Error(`BUG: ${path} is not among the parsed sources`);
  return { path, source };
}

/** Line and column, from 1. */
export function position(node: as.Node): { readonly line: number; readonly column: number } {
  const { source, start } = node.range;
  const line = source.lineAt(start);
  return { line, column: source.columnAt() };
}

/** Ways from a node that lead elsewhere than down. */
const notDown = new Set([
  "range",
  "source",
  "implicitFieldDeclaration",
  "parent",
  "debugInfoRef",
  "tokenizer",
]);

export function children(node: as.Node): as.Node[] {
  return Object.entries(node).flatMap(([key, value]) => {
    if (notDown.has(key)) return [];
    if (value instanceof as.Node) return [value];
    return Array.isArray(value) ? value.filter((each) => each instanceof as.Node) : [];
  });
}

/** The operator as it is written. */
export function operatorOf(node: as.BinaryExpression | as.UnaryExpression): string {
  return as.operatorTokenToString(node.operator);
}

/** Flags of declarations, as asc numbers them. */
export const Flag = { export: 2, const: 8, static: 32, private: 512, get: 2048 } as const;

export function has(declaration: as.DeclarationStatement | as.ParameterNode, flag: number): boolean {
  return (declaration.flags & flag) !== 0;
}

/** A type as it is written, without `| null`. */
export function typeText(type: as.TypeNode | null): string | undefined {
  if (!(type instanceof as.NamedTypeNode)) return undefined;
  const parts: string[] = [];
  for (let name: as.TypeName | null = type.name; name !== null; name = name.next)
    parts.push(name.identifier.text);
  const args = (type.typeArguments ?? []).map((each) => typeText(each) ?? "?");
  return parts.join(".") + (args.length > 0 ? `<${args.join(", ")}>` : "");
}
