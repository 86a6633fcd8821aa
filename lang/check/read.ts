/** `file "./x"` and its relatives. */
import type * as ast from "../syntax/ast.ts";
import { scalar } from "../types/type.ts";
import type { Checker, Typed } from "./checker.ts";
import { broken } from "./names.ts";
import { plainText } from "./texts.ts";

export function inferRead(expr: ast.ReadExpr, checker: Checker): Typed {
  if (expr.word !== "file") {
    const later = {
      dir: "reading a folder with `dir`",
      text: "reading a text with `text`",
      data: "reading data with `data`",
    };
    checker.error("E0090", expr.span, { what: later[expr.word] });
    return broken(expr.span);
  }
  const extra = expr.settings ?? expr.type;
  if (extra) checker.error("E0119", extra.span, { what: "more than the path", where: "behind `file`" });
  const path = plainText(expr.path);
  if (path === undefined) {
    checker.error("E0313", expr.path.span, {
      path: checker.textOf(expr.path.span),
      reason: "a path is written out, without holes",
    });
    return broken(expr.span);
  }
  return { core: { op: "file", span: expr.span, path, pathSpan: expr.path.span }, type: scalar("File") };
}
