/** Names that descriptions use, against those that the library has had. */
import type * as ast from "../syntax/ast.ts";
import type { RecordType } from "../types/type.ts";
import type { Checker } from "./checker.ts";

/**
 * The name that is meant, after a report if it is an old one. Undefined if there is no such thing any more; a name that never was is
 * given back as it is.
 */
export function currentName(
  name: Pick<ast.Name, "text" | "span">,
  type: RecordType,
  block: string,
  checker: Checker,
): string | undefined {
  const outdated = type.outdated.get(name.text);
  if (outdated === undefined) return name.text;
  const { word, to, advice, span } = outdated;
  const data = {
    name: name.text,
    block,
    advice,
    edit: to === undefined ? undefined : { span: name.span, text: to, safe: true as const },
  };
  if (word === "removed") {
    checker.error("E0123", name.span, data);
    return undefined;
  }
  // A library may speak of what it has itself.
  if (span.source !== name.span.source) checker.warn(word === "renamed" ? "W0124" : "W0125", name.span, data);
  return word === "renamed" ? to : name.text;
}
