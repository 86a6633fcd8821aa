/** Walking the tree of a file without knowing its kinds. */
import type { Span } from "../source/span.ts";

/** Any node: all have a kind, and all but the values of settings a span. */
export interface Node {
  readonly kind: string;
  readonly span?: Span;
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "kind" in value;

export function* childrenOf(node: Node): Generator<Node> {
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) {
      for (const each of value) if (isNode(each)) yield each;
    } else if (isNode(value)) yield value;
  }
}

/** Every node, outer ones before those inside. */
export function* allNodes(root: Node): Generator<Node> {
  const pending: Node[] = [root];
  for (let node = pending.pop(); node; node = pending.pop()) {
    yield node;
    for (const child of childrenOf(node)) pending.push(child);
  }
}
