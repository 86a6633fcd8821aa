/** What is known of the thing at a place: its declaration, its documentation, its value and who gave it. */
import type { Core, Variable } from "../check/core.ts";
import type { Evaluated } from "../configure/watch.ts";
import type { Span } from "../source/span.ts";
import { printType } from "../types/print.ts";
import type { Value } from "../values/value.ts";
import type { Analysis } from "./analysis.ts";
import { type Description, describe } from "./describe.ts";
import { isIn } from "./facts.ts";
import { settingsAt, shown } from "./provenance.ts";
import { type Subject, subjectAt } from "./subject.ts";

export interface Hover {
  readonly span: Span;
  /** In Markdown. */
  readonly text: string;
}

export function hoverAt(analysis: Analysis, source: string, offset: number): Hover | undefined {
  const subject = subjectAt(analysis, source, offset);
  const text = subject && textFor(subject, analysis, offset);
  if (subject && text !== undefined) return { span: subject.span, text };
  return ofExpression(analysis, source, offset);
}

function textFor(subject: Subject, analysis: Analysis, offset: number): string | undefined {
  switch (subject.kind) {
    case "label": {
      const { label } = subject;
      const block = label.block?.name;
      return page(
        { code: `${block ?? "label"} ${JSON.stringify(label.text)}`, docs: label.block?.docs },
        placesText(label.opened, analysis),
      );
    }
    case "declaration": {
      const meaning = meaningOf(subject, analysis);
      return meaning && page(meaning, valuesOf(subject.declared, analysis));
    }
    case "name": {
      const { meaning, span } = subject;
      const rest =
        meaning.is === "variable"
          ? ofVariable(meaning.variable, analysis)
          : meaning.is === "member"
            ? ofSetting(span, analysis)
            : meaning.is === "function" || meaning.is === "builtin"
              ? ofCall(span.source, offset, analysis)
              : "";
      return page(describe(meaning, analysis), rest);
    }
    default:
      return undefined;
  }
}

const page = ({ code, docs, about }: Description, rest: string): string =>
  [`\`\`\`appl\n${code}\n\`\`\``, about, docs, rest]
    .filter((part) => part !== undefined && part !== "")
    .join("\n\n");

// ------------------------------------------------------------------------------------------------ declarations

type DeclarationSubject = Extract<Subject, { kind: "declaration" }>;

function meaningOf({ by, declared }: DeclarationSubject, analysis: Analysis): Description | undefined {
  const unit = analysis.unit(declared.source)!;
  const declarations = analysis.front?.checker.declarations(unit);
  const { name, kind, doc } = by;
  const top = unit.ast.items.some((item) => item === by.node);
  const entity = top ? declarations?.scope.find(name.text) : undefined;
  if (entity?.kind === "variable") return describe({ is: "variable", variable: entity.variable }, analysis);
  if (entity?.kind === "fn") return describe({ is: "function", fn: entity.fn }, analysis);
  const type = top && kind === "type" ? declarations?.type(name.text) : undefined;
  if (type) return describe({ is: "type", type }, analysis);
  const block = top && kind === "blockDecl" ? declarations?.block(name.text) : undefined;
  if (block) return describe({ is: "block", block }, analysis);
  const variable = analysis.facts
    .every("means")
    .find(({ meaning }) => meaning.is === "variable" && sameStart(meaning.variable.span, declared));
  if (variable) return describe(variable.meaning, analysis);
  const word = { blockDecl: "block", moduleDecl: "module", interfaceDecl: "interface" }[kind] ?? kind;
  return { code: `${word} ${name.text}`, docs: doc };
}

const sameStart = (a: Span, b: Span): boolean => a.source === b.source && a.start === b.start;

function valuesOf(declared: Span, analysis: Analysis): string {
  const values = analysis.evaluated.flatMap((one) => {
    for (const [variable, value] of one.machine.values)
      if (sameStart(variable.span, declared) && isTop(variable)) return [{ one, value }];
    return [];
  });
  return valueText(values);
}

const isTop = ({ role }: Variable): boolean => role === "let" || role === "param" || role === "target";

function ofVariable(variable: Variable, { evaluated }: Analysis): string {
  if (!isTop(variable)) return "";
  return valueText(
    evaluated.flatMap((one) => {
      const value = one.machine.values.get(variable);
      return value ? [{ one, value }] : [];
    }),
  );
}

interface Valued {
  readonly one: Pick<Evaluated, "target">;
  readonly value: Value;
}

/** One value, or those of the targets if they differ. */
function valueText(values: readonly Valued[]): string {
  const byText = new Map<string, Set<string>>();
  for (const { one, value } of values) {
    const text = shown(value);
    byText.set(text, (byText.get(text) ?? new Set()).add(one.target));
  }
  if (byText.size === 0) return "";
  return [...byText]
    .map(([text, targets]) => `= ${code(text)}${byText.size > 1 ? ` (${[...targets].join(", ")})` : ""}`)
    .join("  \n");
}

/** Code in a line, whatever is in it. */
function code(text: string): string {
  const ticks = "`".repeat(1 + Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)));
  const pad = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${ticks}${pad}${text}${pad}${ticks}`;
}

// ------------------------------------------------------------------------------------------------ settings

/** The value on each target, and all that say something of it. */
function ofSetting(name: Span, analysis: Analysis): string {
  const settings = settingsAt(analysis, name);
  const [first] = settings;
  if (!first) return "";
  const values = settings.flatMap(({ target, value }) => (value ? [{ one: { target }, value }] : []));
  const rows = new Map<string, string>();
  for (const { given, target } of settings)
    for (const { span, rank, add, wins, via, value } of given) {
      const where = whereText(span, analysis);
      const by = via === undefined ? "" : ` by \`include ${via}\``;
      const text = `- ${value ? `${code(shown(value))} ` : ""}${where}${by}: ${rank}${add ? ", added" : ""}${wins ? ", wins" : ""}`;
      const key = `${text}`;
      rows.set(key, rows.has(key) ? `${rows.get(key)}, ${target}` : target);
    }
  const targets = new Set(settings.map(({ target }) => target)).size;
  const list = [...rows].map(([text, on]) => (on.split(", ").length < targets ? `${text} (${on})` : text));
  const { fallback, span } = first.member;
  const isDefault = fallback && `- ${code(fallback.text)} ${whereText(span, analysis)}: option default`;
  return [valueText(values), [...list, isDefault].filter((row) => row !== undefined).join("\n")].join("\n\n");
}

function whereText(span: Span, analysis: Analysis): string {
  const position = analysis.unit(span.source)?.source.position(span.start);
  return position ? `${span.source}:${position.line}:${position.column}` : span.source;
}

const placesText = (spans: readonly Span[], analysis: Analysis): string =>
  spans.length === 0 ? "" : `opened at ${spans.map((span) => whereText(span, analysis)).join(", ")}`;

// ------------------------------------------------------------------------------------------------ expressions

/** The value of the call whose function is at the offset. */
function ofCall(source: string, offset: number, analysis: Analysis): string {
  const call = analysis.facts
    .of("call", source)
    .findLast(({ expr }) => isIn(expr.callee.span, source, offset));
  const inferred = call && analysis.facts.of("inferred", source).find(({ expr }) => expr === call.expr);
  return inferred ? computed(inferred.core, analysis) : "";
}

function computed(core: Core, { evaluated }: Analysis): string {
  if (!isClosed(core)) return "";
  return valueText(
    evaluated.flatMap((one) => {
      const value = one.machine.attempt(() => one.machine.evaluate(core));
      return value ? [{ one, value }] : [];
    }),
  );
}

/** It has one value: nothing of a loop or of a function's parameters is in it. */
function isClosed(core: Core): boolean {
  const pending: unknown[] = [core];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next !== "object" || next === null) continue;
    const { op, variable } = next as { op?: string; variable?: Variable };
    if (op === "error" || op === "fact" || op === "query") return false;
    if (op === "variable" && variable && !isTop(variable)) return false;
    if (op === "const" || op === "variable") continue;
    if (op === "call") pending.push(...(next as Extract<Core, { op: "call" }>).args);
    else if (Array.isArray(next)) pending.push(...next);
    else if (op !== undefined) pending.push(...Object.values(next));
  }
  return true;
}

/** The type of a literal or of what an operator gives. */
function ofExpression(analysis: Analysis, source: string, offset: number): Hover | undefined {
  const inferred = analysis.facts.at("inferred", source, offset);
  const expected = analysis.facts.at("expected", source, offset);
  if (
    expected &&
    (!inferred || expected.expr === inferred.expr || length(expected.expr.span) < length(inferred.expr.span))
  ) {
    const { type, subject } = expected.expected;
    if (type.kind === "error" || length(expected.expr.span) === 0) return undefined;
    return {
      span: expected.expr.span,
      text: page(
        {
          code: subject ? `${subject} : ${printType(type)}` : printType(type),
          docs: type.kind === "named" ? type.docs : undefined,
        },
        "",
      ),
    };
  }
  if (!inferred || inferred.type.kind === "error") return undefined;
  return {
    span: inferred.expr.span,
    text: page({ code: printType(inferred.type), docs: undefined }, computed(inferred.core, analysis)),
  };
}

const length = ({ start, end }: Span): number => end - start;
