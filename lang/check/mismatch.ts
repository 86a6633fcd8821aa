/** A value of the wrong type: what to say, and what may have been meant. */
import type { Help } from "../diagnostics/diagnostic.ts";
import type * as ast from "../syntax/ast.ts";
import { exampleOf } from "../types/example.ts";
import { fits } from "../types/fit.ts";
import { aType, printType } from "../types/print.ts";
import { rowOf, type Scalar, type Shape } from "../types/scalars.ts";
import { holdsSecret } from "../types/secrets.ts";
import { bare, type RecordType, type Type, type UnionType } from "../types/type.ts";
import type { Checker, Expected } from "./checker.ts";
import { rangeWithMinus } from "./habits.ts";
import { refuseSecret } from "./refuse-secret.ts";

export function mismatch(expr: ast.Expr, found: Type, expected: Expected, checker: Checker): void {
  if (found.kind === "error" || expected.type.kind === "error") return;
  if (holdsSecret(found) && !holdsSecret(expected.type)) {
    const decides = expected.subject === undefined && isBool(expected.type);
    return refuseSecret(expr, found, decides ? "asked" : "stored", checker, expected.subject);
  }
  checker.error("E0201", expr.span, {
    subject: expected.subject,
    expected: wanted(expected.type),
    found: aType(found),
    help: helpFor(expr, found, expected.type, checker),
    declared: expected.declared,
  });
}

function isBool(type: Type): boolean {
  const it = bare(type);
  return it.kind === "scalar" && it.name === "Bool";
}

export function wanted(type: Type): string {
  const it = bare(type);
  if (it.kind === "optional") return wanted(it.inner);
  if (it.kind === "record" && it.name !== undefined) return `a \`${it.name}\``;
  return it.kind === "union" ? `one of \`${printType(it)}\`` : aType(type);
}

function helpFor(expr: ast.Expr, found: Type, type: Type, checker: Checker): Help | string | undefined {
  const written = checker.textOf(expr.span);
  const edit = (text: string): Help => ({ text: `write \`${text}\``, edit: { span: expr.span, text } });
  const [from, to] = [bare(found), bare(type)];
  if (to.kind === "optional") return helpFor(expr, found, to.inner, checker);
  if (to.kind === "union") return inUnion(expr, found, to, checker);
  const asked = askedFor(expr, checker);
  if (asked && to.kind !== "list") return asked;
  if (to.kind === "range")
    return rangeWithMinus(expr, (span) => checker.textOf(span)) ?? likeThis(expr, type);
  if (to.kind === "record") return from.kind === "record" ? undefined : recordLike(to);
  if (to.kind === "list" && fits(found, to.element) !== "no" && !written.includes("\n"))
    return edit(`[${written}]`);
  if (from.kind === "list" && fits(from.element, to) !== "no")
    return "one value is wanted, not a list of them";
  if (from.kind === "optional" && fits(from.inner, to) !== "no")
    return "it may be `none`: say what holds then, like `if x == none then … else …`";
  if (to.kind === "secret" && from.kind === "secret")
    return `what it holds is said where it is declared: \`secret ${written} : ${printType(to.inner, expr.span.source)} from …\``;
  if (to.kind !== "scalar" || from.kind !== "scalar") return undefined;
  if ((to.name === "Dir" || to.name === "File") && expr.kind === "string")
    return edit(`${to.name.toLowerCase()} ${written}`);
  if (to.name === "SocketAddr" && expr.kind === "int" && Number(written) < 65_536)
    return edit(`*:${written}`);
  if (to.name === "IfaceAddr" && rowOf(from.name).kind === "ip")
    return isLiteral(expr)
      ? `add the length of the network's prefix: \`${written}/24\``
      : "an address stands here with the length of its network's prefix, like `192.0.2.1/24`";
  if (rowOf(to.name).kind === "ip" && rowOf(from.name).kind === "prefix")
    return edit(written.replace(/\/\d+$/, ""));
  if (to.name === "SocketAddr" && rowOf(from.name).kind === "ip")
    return from.name === "Ip6" ? socketOf(written) : `add a port: \`${written}:53\``;
  if (to.name.startsWith("Cidr") && rowOf(from.name).kind === "ip")
    return edit(`${written}/${from.name === "Ip6" ? 128 : 32}`);
  if (rowOf(to.name).shape === "string" && isLiteral(expr) && expr.kind !== "string")
    return edit(`"${written}"`);
  if (expr.kind === "string") return unquoted(expr, to.name) ?? likeThis(expr, type);
  if (rowOf(to.name).kind === "str" && from.name === "Str")
    return `a \`Str\` becomes a \`${to.name}\` only where it is written: give the \`let\` the type \`${to.name}\``;
  return undefined;
}

function inUnion(expr: ast.Expr, found: Type, to: UnionType, checker: Checker): Help | string | undefined {
  const helps = to.arms.map((arm) =>
    arm.kind === "type" ? helpFor(expr, found, arm.type, checker) : undefined,
  );
  const sure = helps.find((help) => help !== undefined && typeof help !== "string");
  const tags = to.arms.flatMap((arm) =>
    arm.kind === "tag" && fits(found, arm.payload) !== "no" ? [arm] : [],
  );
  if (sure || tags.length !== 1) return sure ?? helps.find((help) => help !== undefined);
  const text = `${tags[0]!.word}(${checker.textOf(expr.span)})`;
  return { text: `write \`${text}\``, edit: { span: expr.span, text } };
}

/** `"${x}"`, where `x` itself is wanted. */
function askedFor(expr: ast.Expr, checker: Checker): Help | undefined {
  const [part] = expr.kind === "string" ? expr.parts : [];
  if (expr.kind !== "string" || expr.parts.length !== 1 || part?.kind !== "holePart") return undefined;
  const text = checker.textOf(part.value.span);
  return { text: `write \`${text}\`: in quotes it becomes a text`, edit: { span: expr.span, text } };
}

function likeThis(expr: ast.Expr, type: Type): string | undefined {
  const it = bare(type);
  const plain = it.kind === "scalar" && /^(Int|Dec|Bool|Str)$/.test(it.name);
  const example = isLiteral(expr) && !plain ? exampleOf(type) : undefined;
  return example === undefined ? undefined : `it is written like \`${example}\``;
}

/** `{ prio = 42, host = … }`: what must be given. */
function recordLike({ members }: RecordType): string | undefined {
  const needed = members.flatMap((member) =>
    member.kind === "option" && !member.fallback ? [`${member.name} = ${exampleOf(member.type) ?? "…"}`] : [],
  );
  if (needed.length === 0 || needed.length > 5) return undefined;
  return `it is written like \`{ ${needed.join(", ")} }\``;
}

/** An IPv6 address without brackets, whose last part may be the port. */
function socketOf(written: string): string {
  const [, address, port] = /^(.*[^:]):(\d{1,5})$/.exec(written) ?? [];
  const whole = `\`[${written}]:53\``;
  return address?.includes("::")
    ? `an IPv6 address with a port has brackets: \`[${address}]:${port}\`, or ${whole}`
    : `add a port: ${whole}`;
}

function isLiteral(expr: ast.Expr): expr is ast.LiteralExpr {
  return /^(int|dec|ip4|ip6|prefix|socket|mac|rate|date|instant|timeOfDay|hash|quantity|string)$/.test(
    expr.kind,
  );
}

/** How the literals look that people put into quotes. */
const looks: Partial<Record<Shape, RegExp>> = {
  int: /^\d+$/,
  dec: /^\d+\.\d+$/,
  bool: /^(true|false)$/,
  ip4: /^[\d.]+$|^[0-9a-fA-F:]+:[0-9a-fA-F:.]*$/,
  ip6: /^[0-9a-fA-F:]+:[0-9a-fA-F:.]*$/,
  prefix4: /^[0-9a-fA-F:.]+\/\d+$/,
  prefix6: /^[0-9a-fA-F:.]+\/\d+$/,
  socket: /^([\d.]+|\*|\[[0-9a-fA-F:.]+\]):\d+$/,
  mac: /^([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}$/,
  quantity: /^\d[\d.]*[a-zA-Z%°/]+$/,
  rate: /^\d+\/\w+$/,
  timeOfDay: /^\d\d:\d\d$/,
  date: /^\d{4}-\d\d-\d\d$/,
};

/** `"5min"` for a `Duration`. */
function unquoted(expr: ast.StringExpr, name: Scalar): Help | undefined {
  const [part] = expr.parts;
  const look = looks[rowOf(name).shape];
  if (expr.parts.length !== 1 || part?.kind !== "textPart" || !look?.test(part.value)) return undefined;
  const { value: text } = part;
  return { text: `write it without quotes: \`${text}\``, edit: { span: expr.span, text, safe: true } };
}
