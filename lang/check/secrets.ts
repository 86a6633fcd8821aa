/** Secrets: declared as slots, handed on, and nothing else. */
import { diagnose } from "../diagnostics/catalog.ts";
import { didYouMean } from "../diagnostics/nearest.ts";
import { resolvePath } from "../evaluate/file.ts";
import { slotSpec } from "../slots/spec.ts";
import type * as ast from "../syntax/ast.ts";
import { fits } from "../types/fit.ts";
import { aType, printType } from "../types/print.ts";
import { isSecret } from "../types/secrets.ts";
import { bare, type SecretType, type Type } from "../types/type.ts";
import type { SecretDelivery, SecretValue } from "../values/value.ts";
import type { Checker, Expected } from "./checker.ts";
import type { Core, Variable } from "./core.ts";
import { mismatch } from "./mismatch.ts";
import { isSetting } from "./names.ts";
import { refine } from "./refine.ts";
import type { Scope } from "./scope.ts";
import { plainText } from "./texts.ts";

/** A declaration that is sound. */
export interface DeclaredSecret {
  readonly variable: Variable;
  readonly value: SecretValue;
  /** Where the slot or path is written, else the name. */
  readonly at: ast.Name["span"];
}

/** Undefined after a report. */
export function checkSecret(
  decl: ast.SecretDecl | (ast.ParamDecl & { readonly delivery: ast.SecretDelivery }),
  scope: Scope,
  checker: Checker,
): DeclaredSecret | undefined {
  const { name } = decl;
  const { unit } = scope.top;
  const open = decl.kind === "param";
  if (unit.library !== undefined) {
    checker.error("E0119", name.span, {
      what: "a secret",
      where:
        "in a library: declare an option of type `Secret<…>`, and the description says where it comes from",
    });
    return undefined;
  }
  const inner = checker.typeOf(decl.type, scope);
  const delivery = deliveryOf(decl.delivery, checker);
  if (!delivery || bare(inner).kind === "error" || !canBeSecret(inner, decl.type, checker)) return undefined;
  if (open && delivery.by !== "boot") {
    const word = decl.delivery.kind;
    checker.error("E0119", decl.delivery.span, {
      what: `\`${word}\``,
      where: "here: a param is `from boot`",
    });
    return undefined;
  }
  const spec = delivery.by === "boot" ? slotSpec([inner]) : undefined;
  if (typeof spec === "string") {
    checker.error("E0344", decl.type.span, { type: aType(inner), why: spec });
    return undefined;
  }
  const variable: Variable = {
    name: name.text,
    type: { kind: "secret", open, inner },
    span: name.span,
    role: open ? "param" : "secret",
  };
  const value: SecretValue = {
    kind: "secret",
    open,
    name: name.text,
    type: printType(inner, unit.path),
    holds: inner,
    delivery,
    fallback: undefined,
    span: name.span,
  };
  const at =
    decl.delivery.kind === "boot"
      ? decl.delivery.slot.span
      : decl.delivery.kind === "sealed"
        ? decl.delivery.path.span
        : name.span;
  return { variable, value, at };
}

function canBeSecret(type: Type, written: ast.TypeExpr, checker: Checker): boolean {
  const it = bare(type);
  const why =
    it.kind === "secret"
      ? `write what it holds: \`${printType(it.inner)}\``
      : it.kind === "ref"
        ? "it would name a block"
        : it.kind === "scalar" && (it.name === "File" || it.name === "Dir")
          ? "what arrives at a machine are texts and bytes: `Bytes`, `Str`"
          : undefined;
  if (why === undefined) return true;
  checker.error("E0219", written.span, { what: "what a secret holds", type: aType(type), why });
  return false;
}

/** Names of slots are the same for every way in which a machine can be given something. */
const SLOT = /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?(\/[a-z0-9]([a-z0-9._-]*[a-z0-9])?)*$/;
const MAX_SLOT = 100;

function deliveryOf(written: ast.SecretDelivery, checker: Checker): SecretDelivery | undefined {
  switch (written.kind) {
    case "error":
      return undefined;
    case "generated":
      return { by: "generated" };
    case "boot": {
      const slot = plainText(written.slot);
      if (slot !== undefined && SLOT.test(slot) && slot.length <= MAX_SLOT) return { by: "boot", slot };
      const low = slot
        ?.toLowerCase()
        .replaceAll(/[ \\:]+/g, "-")
        .replace(/^\/+|\/+$/g, "");
      checker.error("E0318", written.slot.span, {
        slot: slot ?? checker.textOf(written.slot.span),
        instead: low !== undefined && low !== slot && SLOT.test(low) ? low : undefined,
        edit: written.slot.span,
      });
      return undefined;
    }
    case "sealed": {
      const { path: literal } = written;
      const path = plainText(literal);
      const resolved =
        path === undefined
          ? { reason: "a path is written out, without holes" }
          : resolvePath(literal.span.source, path);
      if ("path" in resolved) return { by: "sealed", path: resolved.path };
      checker.error("E0313", literal.span, {
        path: path ?? checker.textOf(literal.span),
        reason: resolved.reason,
      });
      return undefined;
    }
  }
}

// ------------------------------------------------------------------------------------------------ using them

/** A value of the type itself, or a param that machines are given: what is known by a name may be either. */
export function atBootAs(
  expr: ast.Expr,
  type: SecretType,
  expected: Expected,
  scope: Scope,
  checker: Checker,
): Core {
  if (expr.kind === "name" && scope.find(expr.text)?.kind === "variable") {
    const { core, type: found } = checker.infer(expr, scope);
    if (isSecret(found)) {
      // Its default is known, and has to be good here, too.
      if (fits(found, type) === "yes") return refine(expr, core, type.inner, expected, checker);
      mismatch(expr, found, expected, checker);
      return { op: "error", span: expr.span };
    }
  }
  return checker.check(expr, { ...expected, type: type.inner }, scope);
}

/** The only thing that can be done with a secret: to hand it to what takes secrets. */
export function secretAs(
  expr: ast.Expr,
  type: SecretType,
  expected: Expected,
  scope: Scope,
  checker: Checker,
): Core {
  const broken: Core = { op: "error", span: expr.span };
  if (isWrittenOut(expr)) {
    writtenOut(expr, type, expected, scope, checker);
    return broken;
  }
  const unknown = expr.kind === "name" && scope.find(expr.text) === undefined && !isKnown(expr.text);
  if (unknown && !isSetting(expr.text, scope, checker)) {
    const { unit } = scope.top;
    checker.error("E0105", expr.span, {
      name: expr.text,
      inScope: [],
      hint:
        didYouMean(expr.text, scope.names()) ??
        `declare it: \`secret ${expr.text} : ${printType(type.inner, unit.path)} from boot "${expr.text.replaceAll("_", "-")}"\``,
    });
    return broken;
  }
  const { core, type: found } = checker.infer(expr, scope);
  if (bare(found).kind === "error") return broken;
  if (fits(found, type) === "yes") return core;
  if (isSecret(found) || found.kind === "none") mismatch(expr, found, expected, checker);
  else writtenOut(expr, type, expected, scope, checker);
  return broken;
}

const isKnown = (name: string): boolean => ["none", "true", "false"].includes(name);

/** Says its value itself, or names a file that does. */
function isWrittenOut(expr: ast.Expr): boolean {
  return !["name", "field", "index", "call", "with", "listFor"].includes(expr.kind);
}

function writtenOut(
  expr: ast.Expr,
  { inner }: SecretType,
  { subject }: Expected,
  scope: Scope,
  checker: Checker,
): void {
  const read = expr.kind === "read" ? expr.word : undefined;
  const literal = isWrittenOut(expr) && !read;
  const { unit } = scope.top;
  const diagnostic = diagnose("E0310", expr.span, {
    subject,
    type: printType(inner, unit.path),
    given: literal ? "literal" : read ? "file" : "value",
    written: literal ? "" : checker.textOf(expr.span),
    path: expr.kind === "read" ? (plainText(expr.path) ?? "") : "",
  });
  checker.report(literal ? { ...diagnostic, masked: [inside(expr, checker)] } : diagnostic);
}

/** What is between the quotes, or all of it. */
function inside(expr: ast.Expr, checker: Checker): ast.Expr["span"] {
  const { span } = expr;
  return /^".+"$/s.test(checker.textOf(span)) ? { ...span, start: span.start + 1, end: span.end - 1 } : span;
}
