/** Walks files of AssemblyScript and holds each node against the rules. */
import * as as from "assemblyscript";
import { rules } from "./rules.ts";
import { declaredType, Symbols } from "./symbols.ts";
import { children, parse, position, type SourceFile, typeText } from "./syntax.ts";
import { Scope, Types } from "./types.ts";

export interface Breach {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly rule: string;
  readonly message: string;
}

/** Folders whose files may touch memory and devices: core, drivers, and the doubles that stand for drivers in tests. */
const trusted = [/^stdlib\/core\//, /^backends\/[^/]+\/drivers\//, /\/(?:simulation|testing)\//];

/** `texts`: path from the repository's root → text. Breaches in the order of the files and lines. */
export function lint(texts: ReadonlyMap<string, string>): Breach[] {
  const files = [...texts].map(([path, text]) => parse(path, text));
  const symbols = new Symbols(files);
  return files.flatMap((file) => lintFile(file, symbols));
}

function lintFile({ path, source }: SourceFile, symbols: Symbols): Breach[] {
  const breaches: Breach[] = [];
  const types = new Types(symbols, path);
  const isTrusted = trusted.some((each) => each.test(path));
  const top = new Scope(undefined);
  for (const statement of source.statements) visit(statement, top, []);
  return breaches;

  function visit(node: as.Node, outer: Scope, ancestors: readonly as.Node[]): void {
    const scope = inside(node, outer);
    if (node instanceof as.VariableDeclaration && ancestors.length > 1)
      scope.add(node.name.text, typeOfLocal(node, scope));
    const context = { path, scope, types, symbols, ancestors, isTrusted };
    for (const { name, check } of rules) {
      const message = check(node, context);
      if (message !== undefined) breaches.push({ path, ...position(node), rule: name, message });
    }
    const down = [...ancestors, node];
    for (const child of children(node)) visit(child, scope, down);
  }

  function typeOfLocal(node: as.VariableDeclaration, scope: Scope): string | undefined {
    if (node.type !== null) return typeText(node.type);
    // `let n = 0` is an i32; a constant is as good as its number.
    const declared = declaredType(node);
    if (declared !== undefined || node.initializer === null) return declared;
    const type = types.of(node.initializer, scope);
    return type === "literal" ? "i32" : type;
  }
}

/** The scope of what is inside of a node. */
function inside(node: as.Node, outer: Scope): Scope {
  if (node instanceof as.ClassDeclaration) return new Scope(outer, node.name.text);
  if (node instanceof as.FunctionDeclaration) {
    const scope = new Scope(outer);
    for (const parameter of node.signature.parameters)
      scope.add(parameter.name.text, typeText(parameter.type));
    return scope;
  }
  if (node instanceof as.BlockStatement || node instanceof as.ForStatement) return new Scope(outer);
  return outer;
}
