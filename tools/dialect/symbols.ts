/** What the files declare: enough to know the types of most expressions. */
import { posix } from "node:path";
import * as as from "assemblyscript";
import { Flag, has, type SourceFile, typeText } from "./syntax.ts";

export interface ClassSymbol {
  readonly kind: "class";
  readonly name: string;
  readonly file: string;
  /** Fields and getters. */
  readonly fields: ReadonlyMap<string, string | undefined>;
  readonly methods: ReadonlyMap<string, string | undefined>;
  readonly privates: ReadonlySet<string>;
  readonly base: string | undefined;
}
export interface FunctionSymbol {
  readonly kind: "function";
  readonly returns: string | undefined;
}
export interface ValueSymbol {
  readonly kind: "value";
  readonly type: string | undefined;
}
export interface SpaceSymbol {
  readonly kind: "space";
  readonly names: ReadonlyMap<string, Named>;
}
export type Named = ClassSymbol | FunctionSymbol | ValueSymbol | SpaceSymbol;

/** Names of the files that were parsed. */
export class Symbols {
  private readonly files = new Map<string, Map<string, Named>>();
  private readonly imports = new Map<string, Map<string, { file: string; name: string | undefined }>>();
  /** Classes by name; null when several files have one. */
  private readonly classes = new Map<string, ClassSymbol | null>();

  constructor(files: readonly SourceFile[]) {
    for (const { path, source } of files) {
      this.files.set(path, namesOf(source.statements, path));
      this.imports.set(path, importsOf(source.statements, path));
    }
    for (const names of this.files.values())
      for (const named of names.values())
        if (named.kind === "class") this.classes.set(named.name, this.classes.has(named.name) ? null : named);
  }

  /** What a name means at the top of a file. */
  named(file: string, name: string): Named | undefined {
    const own = this.files.get(file)?.get(name);
    if (own !== undefined) return own;
    const imported = this.imports.get(file)?.get(name);
    if (imported === undefined) return undefined;
    const names = this.files.get(imported.file);
    if (imported.name !== undefined) return names?.get(imported.name);
    return names === undefined ? undefined : { kind: "space", names };
  }

  /** The class of that name, seen from this file; else the only one anywhere. */
  class(file: string, name: string): ClassSymbol | undefined {
    const named = this.named(file, name);
    if (named?.kind === "class") return named;
    return this.classes.get(name) ?? undefined;
  }

  /** A field's or getter's type, here or in a base class. */
  field(type: ClassSymbol, name: string): string | undefined {
    if (type.fields.has(name)) return type.fields.get(name);
    const base = type.base === undefined ? undefined : this.class(type.file, type.base);
    return base && this.field(base, name);
  }

  method(type: ClassSymbol, name: string): string | undefined {
    if (type.methods.has(name)) return type.methods.get(name);
    const base = type.base === undefined ? undefined : this.class(type.file, type.base);
    return base && this.method(base, name);
  }
}

function namesOf(statements: readonly as.Node[], file: string): Map<string, Named> {
  const names = new Map<string, Named>();
  for (const statement of statements) {
    if (statement instanceof as.ClassDeclaration) names.set(statement.name.text, classOf(statement, file));
    else if (statement instanceof as.FunctionDeclaration)
      names.set(statement.name.text, { kind: "function", returns: typeText(statement.signature.returnType) });
    else if (statement instanceof as.NamespaceDeclaration)
      names.set(statement.name.text, { kind: "space", names: namesOf(statement.members, file) });
    else if (statement instanceof as.VariableStatement)
      for (const each of statement.declarations)
        names.set(each.name.text, { kind: "value", type: declaredType(each) });
  }
  return names;
}

/** The type that is written, or that its initialiser shows without knowing anything else. */
export function declaredType(declaration: as.VariableDeclaration | as.FieldDeclaration): string | undefined {
  if (declaration.type !== null) return typeText(declaration.type);
  const { initializer } = declaration;
  if (initializer instanceof as.IntegerLiteralExpression)
    // A constant is as good as its number.
    return has(declaration, Flag.const) ? "literal" : "i32";
  if (initializer instanceof as.NewExpression) return newType(initializer);
  if (initializer instanceof as.AssertionExpression) return typeText(initializer.toType);
  return undefined;
}

export function newType(expression: as.NewExpression): string {
  const args = (expression.typeArguments ?? []).map((each) => typeText(each) ?? "?");
  return expression.typeName.identifier.text + (args.length > 0 ? `<${args.join(", ")}>` : "");
}

function classOf(declaration: as.ClassDeclaration, file: string): ClassSymbol {
  const fields = new Map<string, string | undefined>();
  const methods = new Map<string, string | undefined>();
  const privates = new Set<string>();
  for (const member of declaration.members) {
    const name = member.name.text;
    if (has(member, Flag.private)) privates.add(name);
    if (member instanceof as.FieldDeclaration) fields.set(name, declaredType(member));
    else if (member instanceof as.MethodDeclaration) {
      const returns = typeText(member.signature.returnType);
      if (has(member, Flag.get)) fields.set(name, returns);
      else methods.set(name, returns);
      if (name === "constructor") parameterFields(member, fields, privates);
    }
  }
  const base = declaration.extendsType?.name.identifier.text;
  return { kind: "class", name: declaration.name.text, file, fields, methods, privates, base };
}

function parameterFields(
  maker: as.MethodDeclaration,
  fields: Map<string, string | undefined>,
  privates: Set<string>,
): void {
  for (const parameter of maker.signature.parameters) {
    if (parameter.implicitFieldDeclaration === null) continue;
    fields.set(parameter.name.text, typeText(parameter.type));
    if (has(parameter, Flag.private)) privates.add(parameter.name.text);
  }
}

function importsOf(statements: readonly as.Node[], file: string) {
  const imports = new Map<string, { file: string; name: string | undefined }>();
  for (const statement of statements) {
    if (!(statement instanceof as.ImportStatement)) continue;
    const target = `${posix.join(posix.dirname(file), statement.path.value)}.ts`;
    for (const each of statement.declarations ?? [])
      imports.set(each.name.text, { file: target, name: each.foreignName.text });
    if (statement.namespaceName !== null)
      imports.set(statement.namespaceName.text, { file: target, name: undefined });
  }
  return imports;
}
