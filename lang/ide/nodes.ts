/** What is at a place in the tree of a file, and what it declares. */
import type { Span } from "../source/span.ts";
import type * as ast from "../syntax/ast.ts";
import { childrenOf, type Node } from "../syntax/walk.ts";

/** Both ends count: the place behind a name belongs to it. */
export const touches = ({ start, end }: Span, offset: number): boolean => start <= offset && offset <= end;

/** The nodes around an offset, the outermost first. */
export function pathTo(root: Node, offset: number): readonly Node[] {
  const path: Node[] = [];
  for (let node: Node | undefined = root; node; ) {
    path.push(node);
    node = innermost(node, offset);
  }
  return path;
}

/** Of two that meet at the offset, the one that begins there: behind a name is the dot of the next. */
function innermost(node: Node, offset: number): Node | undefined {
  let found: Node | undefined;
  for (const child of childrenOf(node)) {
    const span = child.span ?? spanInside(child);
    if (span && touches(span, offset) && (!found || span.start >= (found.span?.start ?? 0))) found = child;
  }
  return found;
}

function spanInside(node: Node): Span | undefined {
  let around: Span | undefined;
  for (const { span } of childrenOf(node))
    if (span)
      around = around
        ? { ...around, end: Math.max(around.end, span.end), start: Math.min(around.start, span.start) }
        : span;
  return around;
}

/** A declaration, as far as an editor shows it. */
export interface Declared {
  readonly name: ast.Name;
  /** `let`, `fn`, `option` … */
  readonly kind: string;
  readonly node: Node;
  readonly doc: string | undefined;
}

const declaring: ReadonlySet<string> = new Set([
  "let",
  "fn",
  "param",
  "secret",
  "type",
  "appliance",
  "fragment",
  "target",
  "blockDecl",
  "moduleDecl",
  "interfaceDecl",
  "fnParam",
  "option",
  "blocks",
  "choice",
  "choiceArm",
  "needs",
  "signal",
  "query",
  "recordField",
]);

/** The names that a node declares. */
export function declaredBy(node: Node): readonly Declared[] {
  const doc = (node as { doc?: string }).doc;
  if (declaring.has(node.kind))
    return [{ name: (node as { name: ast.Name } & Node).name, kind: node.kind, node, doc }];
  if (node.kind === "for" || node.kind === "listFor")
    return (node as ast.ForItem | ast.ListForExpr).names.map((name) => ({
      name,
      kind: "for",
      node,
      doc: undefined,
    }));
  if (node.kind === "namePattern") {
    const { binding } = node as Extract<ast.Pattern, { kind: "namePattern" }>;
    return binding ? [{ name: binding, kind: "match", node, doc: undefined }] : [];
  }
  return [];
}
