/** What each module costs together with all that is only there for it: the dominator tree of the plan. */
import type { ModuleReport } from "../build/report.ts";
import type { SizedModule } from "../build/sizes.ts";

export interface Cost {
  /** Bytes of code in the image. */
  readonly image: number;
  /** Bytes of memory that set-up has filled or set aside. */
  readonly ram: number;
}

export interface CostNode {
  /** A module; a library, for code that any module may use; `wiring` and the like for code of nobody. */
  readonly name: string;
  readonly own: Cost;
  /** Its own and that of all below: what goes if it goes. */
  readonly total: Cost;
  /** What is only there because of it. */
  readonly children: readonly CostNode[];
}

interface Draft {
  readonly name: string;
  own: { image: number; ram: number };
  readonly askers: ReadonlySet<string>;
  /** The description or the target asks for it, or there is no telling who does. */
  readonly fromRoot: boolean;
}

/** Of everything in an image, by total in the image, the largest first. `modules` in the order of the plan: each after all that it needs. */
export function costTree(
  modules: readonly ModuleReport[],
  image: readonly SizedModule[],
  memory: readonly SizedModule[],
): CostNode {
  const drafts = draftsOf(modules);
  const grow = (rows: readonly SizedModule[], kind: keyof Cost) => {
    for (const { name, bytes } of rows) {
      const draft = drafts.get(name) ?? {
        name,
        own: { image: 0, ram: 0 },
        askers: new Set<string>(),
        fromRoot: true,
      };
      drafts.set(name, draft);
      draft.own[kind] += bytes;
    }
  };
  grow(image, "image");
  grow(memory, "ram");
  return treeOf(drafts);
}

/** Whoever asks for something comes before it. */
function draftsOf(modules: readonly ModuleReport[]): Map<string, Draft> {
  return new Map(
    modules.toReversed().map(({ path, reasons }) => [
      path,
      {
        name: path,
        own: { image: 0, ram: 0 },
        askers: new Set(reasons.flatMap(({ from }) => (from === undefined ? [] : [from]))),
        fromRoot: reasons.some(({ from }) => from === undefined),
      },
    ]),
  );
}

const ROOT = "";

/** Everybody stands below the nearest one that all ways to it go through. */
function treeOf(drafts: ReadonlyMap<string, Draft>): CostNode {
  const parents = new Map<string, string>();
  const depth = new Map([[ROOT, 0]]);
  const common = (one: string, other: string): string => {
    let [a, b] = [one, other];
    while (a !== b) {
      if (depth.get(a)! < depth.get(b)!) [a, b] = [b, a];
      a = parents.get(a)!;
    }
    return a;
  };
  for (const { name, askers, fromRoot } of drafts.values()) {
    const known = [...askers].filter((asker) => depth.has(asker));
    const parent = fromRoot || known.length === 0 ? ROOT : known.reduce(common);
    parents.set(name, parent);
    depth.set(name, depth.get(parent)! + 1);
  }
  const below = new Map<string, Draft[]>();
  for (const draft of drafts.values()) {
    const parent = parents.get(draft.name)!;
    below.set(parent, [...(below.get(parent) ?? []), draft]);
  }
  const node = (name: string, own: Cost): CostNode => {
    const children = (below.get(name) ?? [])
      .map((draft) => node(draft.name, draft.own))
      .toSorted(
        (a, b) => b.total.image - a.total.image || b.total.ram - a.total.ram || (a.name < b.name ? -1 : 1),
      );
    const total = children.reduce(
      (sum, child) => ({ image: sum.image + child.total.image, ram: sum.ram + child.total.ram }),
      own,
    );
    return { name, own, total, children };
  };
  return node(ROOT, { image: 0, ram: 0 });
}

/** Where a name stands in the tree. */
export function costOf(tree: CostNode, name: string): CostNode | undefined {
  const queue = [tree];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    if (node.name === name) return node;
    queue.push(...node.children);
  }
  return undefined;
}
