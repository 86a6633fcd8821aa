/** One file of the description or of a library, with what it uses. */
import type { SourceText } from "../source/text.ts";
import type * as ast from "../syntax/ast.ts";

export interface Unit {
  /** As spans name it. */
  readonly path: string;
  readonly source: SourceText;
  readonly ast: ast.FileAst;
  /** `std/dns`; undefined for a description. */
  readonly library: string | undefined;
  /** What other files call it, if they do not choose: `dns`. */
  readonly name: string;
  /** By the name that this file gives them. */
  readonly imports: Map<string, Import>;
}

export interface Import {
  readonly unit: Unit;
  readonly use: ast.UseDecl;
}
